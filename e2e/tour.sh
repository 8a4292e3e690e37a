#!/usr/bin/env bash
# Tells a story on a scratch clone: promotion (the default) or adoption; the README holds what this prints.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/scratch.sh
root=$PWD
command -v promoter >/dev/null || { echo "e2e/tour.sh: promoter is not on the path" >&2 && exit 1; }

# tell TEXT: what comes next, as a heading.
tell() { printf '\n## %s\n' "$1"; }

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

story=${1:-promotion}
case $story in
  promotion) layout=copy_overlays ;;
  adoption) layout=copy_reshaped ;;
  *) echo "usage: e2e/tour.sh [promotion|adoption]" >&2 && exit 2 ;;
esac
place=$(mktemp -d "${TMPDIR:-/tmp}/promoter-tour.XXXXXX")
scratch "$place" "$layout"
cd "$place/clone"
# shellcheck source=e2e/promotion.sh
. "$root/e2e/$story.sh"
printf '\n== the scratch clone stays to play with: %s\n' "$place/clone"
