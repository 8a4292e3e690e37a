#!/usr/bin/env bash
# One promotion, from start to end, on a scratch clone; the README tells what this prints.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/scratch.sh

# tell TEXT: what comes next, as a comment.
tell() { printf '\n# %s\n' "$1"; }

# run COMMAND: shows the command and what it prints; any exit code but 0 is shown too.
run() {
  local status=0
  printf '$ %s\n' "$1"
  eval "$1" 2>&1 || status=$?
  if [[ $status -ne 0 ]]; then echo "(exit code $status)"; fi
}

# at HOUR COMMAND: the command, so many hours after the tour began.
at() {
  at_hour "$1"
  run "$2"
}

place=$(mktemp -d "${TMPDIR:-/tmp}/promoter-tour.XXXXXX")
scratch "$place"
cd "$place/clone"
. "$OLDPWD/e2e/story.sh"
printf '\n== the scratch clone stays to play with: %s\n' "$place/clone"
