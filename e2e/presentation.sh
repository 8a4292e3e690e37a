#!/usr/bin/env bash
# docs/presentation/index.html is what its slides say, and a browser shows all of it; `write` builds it anew.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/check.sh
. e2e/tools.sh
. e2e/testtools.sh
. e2e/contract/tools.sh
slides=docs/presentation/slides.md page=docs/presentation/index.html

built() { python3 e2e/presentation/build.py "$1"; }
as_said() { diff "$page" <(built "$slides"); }

# look FILE: node finds the browser's driver beside the contract's tools.
look() {
  cp e2e/presentation/look.mjs "$modules/look.mjs"
  node "$modules/look.mjs" "$@"
}

case ${1-check} in
  write) built "$slides" >"$page" && exit ;;
  check) ;;
  *) die "usage: e2e/presentation.sh [check|write]" ;;
esac
need_packaged chromium
need_node
need_linters
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check "$page is what its slides say" as_said
if ! look "$PWD/$page"; then failed; fi
for line in {1..40}; do echo "- line $line"; done | sed '1i # Too long\n' >"$work/slides.md"
built "$work/slides.md" >"$work/index.html"
check "a slide that is too long, alone and without notes is found" refuses look "$work/index.html"
report
