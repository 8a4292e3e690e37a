# shellcheck shell=bash
# The two services, on the stores that they have built in or on a real Postgres and Redis; sourced by contract.sh.

: "${work:?the folder that holds all of it}"
: "${auth=}"
running=()

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# within SECONDS COMMAND...: asks until the command succeeds.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    if [[ $SECONDS -ge $end ]]; then echo "waited in vain: $*" >&2 && return 1; fi
    sleep 0.1
  done
}

# background LOG COMMAND...: a process that `stop_all` ends.
background() {
  "${@:2}" >"$work/$1.log" 2>&1 </dev/null &
  running+=($!)
}

stop_all() {
  if [[ ${#running[@]} -gt 0 ]]; then
    kill "${running[@]}" 2>/dev/null || true
    wait "${running[@]}" 2>/dev/null || true
  fi
  running=()
}

# serve NAME VARIABLE=VALUE...: starts the service of that name, and sets the variable of that name to its address.
serve() {
  local log=$work/$1.log
  # The child that starts it empties the log in its own time: an earlier run must not be taken for this one.
  rm -f "$log"
  background "$1" env ADDR=127.0.0.1:0 LOG_FORMAT=json LOG_LEVEL=info DRAIN_DELAY=0s SEED=demo \
    AUTH_FAILURES_PER_MINUTE=4000000000 "${@:2}" "$work/bin/$1"
  within 30 grep -q '"message":"listening"' "$log"
  printf -v "$1" 'http://%s' "$(sed -n 's/.*"message":"listening".*"address":"\([^"]*\)".*/\1/p' "$log")"
}

# services VARIABLE=VALUE...: both.
services() {
  serve auth "$@"
  serve api AUTH_URL="$auth" WRITES_PER_MINUTE=4000000000 "$@"
}

# Before a command: as nobody when this is root, whom Postgres refuses. No function: it would take the signal.
as_nobody=(env)
if [[ $(id -u) -eq 0 ]]; then as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups); fi

# Both, on a Postgres and a Redis of their own, with tokens for all that is written.
services_on_servers() {
  local programs postgres redis
  programs=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1) || true
  programs=$(dirname "${programs:-$(command -v initdb)}") postgres=$(free_port) redis=$(free_port)
  mkdir "$work/stores" && chmod 777 "$work/stores"
  "${as_nobody[@]}" "$programs/initdb" -D "$work/stores/data" -U app -A trust --no-sync >"$work/initdb.log"
  background postgres "${as_nobody[@]}" "$programs/postgres" -D "$work/stores/data" -p "$postgres" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off
  background redis "${as_nobody[@]}" redis-server --port "$redis" --bind 127.0.0.1 --save '' --dir "$work/stores"
  export DATABASE_URL=postgres://app@127.0.0.1:$postgres/postgres REDIS_URL=redis://127.0.0.1:$redis
  within 30 env SEED=demo "$work/bin/api" migrate
  services WRITE_TOKEN_REQUIRED=true
}
