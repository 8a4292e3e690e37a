#!/usr/bin/env bash
# Builds the images, their tests included, and serves everything of compose.yaml until Ctrl-C; the data stay in volumes.
set -euo pipefail
cd "$(dirname "$0")"
. e2e/tools.sh

[[ $# -eq 0 ]] || die "usage: ./bootstrap-docker.sh"
docker compose version >/dev/null 2>&1 || die "Docker with Compose v2 is needed: https://docs.docker.com/engine/install/"
app/docker/secrets.sh
GIT_COMMIT=$(git rev-parse HEAD 2>/dev/null || echo unknown)
export GIT_COMMIT

say "building the images (minutes the first time)"
docker compose build

end() {
  trap - EXIT
  docker compose down
  say "ended; the data stay: docker compose down --volumes takes them away"
}
trap end EXIT
trap 'exit 0' INT TERM

say "serving; Postgres, Redis, demo data; Ctrl-C ends it"
docker compose up --detach --wait --no-build
cat app/calls.txt
docker compose logs --follow --tail 0 api auth &
wait $!
die "the services ended"
