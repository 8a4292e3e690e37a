# shellcheck shell=bash
# A real Gitea of our own, from its Go module, with two users and a repository; after tools.sh, testtools.sh and check.sh.

: "${tools:?tools.sh comes first}" "${work:?}"
gitea=$tools/gitea/bin/gitea

# Minutes the first time; the three gigabytes of intermediate results are thrown away.
need_gitea() {
  local key
  key=$(cat e2e/gitea/tools/go.{mod,sum} | sha256sum | cut -c 1-12)
  if [[ $(cat "$gitea.key" 2>/dev/null) == "$key" ]]; then return; fi
  need_go && need_c_compiler
  say "Gitea, from its module"
  (cd e2e/gitea/tools && GOCACHE=$tools/gitea/cache GOFLAGS='-mod=readonly -trimpath -buildvcs=false' \
    go build -tags 'sqlite sqlite_unlock_notify' -ldflags '-s -w' -o "$gitea" code.gitea.io/gitea)
  rm -rf "$tools/gitea/cache"
  echo "$key" >"$gitea.key"
}

# What it reads at run time lies beside its source.
gitea_source() { (cd e2e/gitea/tools && go list -m -f '{{.Dir}}' code.gitea.io/gitea); }

gitea() { "$gitea" --config "$work/gitea/app.ini" --work-path "$work/gitea" "$@"; }

start_gitea() {
  mkdir -p "$work/gitea"
  port=$(free_port)
  source=$(gitea_source) port=$port work=$work secret=$(password) internal=$(gitea_secret) \
    envsubst '$source $port $work $secret $internal' <e2e/gitea/app.ini >"$work/gitea/app.ini"
  gitea migrate >"$work/gitea/log" 2>&1 || { cat "$work/gitea/log"; return 1; }
  token=$(user ada)
  user grace >/dev/null
  # Not by the function, whose shell would be what is ended.
  "$gitea" --config "$work/gitea/app.ini" --work-path "$work/gitea" web >>"$work/gitea/log" 2>&1 &
  server=$!
  url=http://127.0.0.1:$port
  answering || { cat "$work/gitea/log" && return 1; }
  api POST /user/repos '{"name": "shop"}' >/dev/null
  api PUT /repos/ada/shop/collaborators/grace '{"permission": "write"}'
  api POST /repos/ada/shop/labels '{"name": "promotion", "color": "#00aabb"}' >/dev/null
}

gitea_secret() { "$gitea" generate secret INTERNAL_TOKEN; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# user NAME: who gets a token.
user() {
  gitea admin user create --username "$1" --password "$(password)" --email "$1@example.com" --must-change-password=false --admin >>"$work/gitea/log" 2>&1
  gitea admin user generate-access-token --username "$1" --token-name "$1" --scopes all --raw 2>>"$work/gitea/log" | tail -n 1
}

answering() {
  local end=$((SECONDS + 60))
  until curl -sf "$url/api/healthz" >/dev/null; do
    kill -0 "$server" 2>/dev/null && ((SECONDS < end)) || return 1
    sleep 0.2
  done
}

# api METHOD PATH [BODY], as Ada.
api() {
  curl -sSf -X "$1" -H "Authorization: token $token" -H 'Content-Type: application/json' ${3+-d "$3"} "$url/api/v1$2"
}
