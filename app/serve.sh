#!/usr/bin/env bash
# Installs what is missing, runs the fast tests of the app, then serves both services from memory until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/tools.sh

say "what a build needs: a C compiler, Rust"
need_c_compiler
need_rust

say "the fast tests (minutes the first time, to compile; seconds afterwards)"
app/unit.sh
cargo build --locked --quiet --package app --bins
bin=${CARGO_TARGET_DIR:-target}/debug

# Each service has a process group of its own: Ctrl-C comes here, and here they are ended in order.
set -m
running=()
end() {
  trap - EXIT
  if [[ ${#running[@]} -gt 0 ]]; then kill "${running[@]}" 2>/dev/null; fi
  wait
  say "ended"
}
trap end EXIT
trap 'exit 0' INT TERM

# start ADDRESSES SERVICE: in the background, until it is alive.
start() {
  local tries=0
  ADDR=$1 "$bin/$2" &
  running=($! ${running[@]+"${running[@]}"})
  until ADDR=$1 "$bin/$2" healthcheck 2>/dev/null; do
    tries=$((tries + 1))
    if [[ $tries -gt 50 ]] || ! kill -0 "${running[0]}" 2>/dev/null; then die "$2 does not answer on $1"; fi
    sleep 0.2
  done
}

say "serving; stores in memory, demo data; Ctrl-C ends it"
export SEED=demo DRAIN_DELAY=0s SHUTDOWN_TIMEOUT=5s AUTH_URL=http://127.0.0.1:5001
start 127.0.0.1:5001 auth
start "${ADDR:-127.0.0.1:8080,127.0.0.1:5000}" api
cat app/calls.txt

# `wait` can be interrupted, and a service that ended by itself is noticed within a second.
while kill -0 "${running[@]}" 2>/dev/null; do
  sleep 1 &
  wait $!
done
die "a service ended"
