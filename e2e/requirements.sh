#!/usr/bin/env bash
# Every line of the five assignments has files, a command and a status; commands that take no time are run.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/check.sh
. e2e/tools.sh
. e2e/testtools.sh
need_packaged jq
page=docs/requirements.md

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shown() { python3 e2e/requirements.py "$1"; }
with() {
  sed "$1" "$page" >"$work/page.md"
  if cmp -s "$page" "$work/page.md"; then echo "$1 changed nothing" && return; fi
  shown "$work/page.md"
}

check "$page: every line is answered" shown "$page"
check "a line that is missing is found" refuses with '/^| 2.5 |/d'
check "a line without a command is found" refuses with '/^| 0.16 |/s/`cargo[^|]*/ /'
check "a file that is not there is found" refuses with '/^| 1.5 |/s|telemetry|none|'
check "a test that is not there is found" refuses with '/^| 3.6 |/s|sockets|none|'
check "a command that fails is found" refuses with '/^| 4.15 |/s|travel|.|'
check "a status that says nothing is found" refuses with '/^| 4.7 |/s/proved/done/'
check "a step that the gate does not have is found" refuses with '/^| 0.2 |/s/stand-in/proved/'
report
