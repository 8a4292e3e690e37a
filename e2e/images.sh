#!/usr/bin/env bash
# The images: built, measured, run as compose.yaml says, and called as the seeds call them.
# Needs Docker with Compose v2, curl and git; BUILD_FLAGS are further flags of `docker build`.
# Where no registry can be reached, e2e/images/standins.sh makes base images first.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/check.sh

commit=${GIT_COMMIT:-$(git rev-parse HEAD)}
read -ra build_flags <<<"${BUILD_FLAGS-}"
export COMPOSE_PROJECT_NAME=app-e2e TAG=e2e GIT_COMMIT=$commit
work=$(mktemp -d)
. e2e/images/build.sh
. e2e/images/calls.sh
. e2e/images/stores.sh
end() {
  docker compose down --volumes --remove-orphans >/dev/null 2>&1
  docker rm --force app-e2e-alone >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap end EXIT

check "the Dockerfiles compile and test alike" same_head
for name in api auth postgres redis; do check "$name is built" build "$name"; done
for name in api auth; do
  check "$name: $(sizes "$name"), less than 16 MB and 7 MB" small "$name"
  check "$name has nothing but its binary" alone_in_there "$name"
  check "$name says what it is and how to see that it lives" labelled "$name"
done
check "a handler is broken in a copy" break_handler
check "a broken handler is no image" broken_is_no_image

app/docker/secrets.sh
check "everything starts, in order of health" docker compose up --detach --wait --no-build
calls_of_the_seeds
check "every endpoint, by the image's own smoke test" smoke
check "the commit is the image's" answers "$commit" http://127.0.0.1:8080/version
check "the metrics do not go through the proxy" refuses curl -fsS http://127.0.0.1:8080/metrics
check "auth, Postgres and Redis are on no address of this machine but auth on the loopback one" ports
stores_are_closed_and_filled
check "all of it ends within its limits" docker compose down
check "the data are there again" kept
check "a restart of postgres on the same volume loads nothing" not_filled_again
fresh_postgres
report
