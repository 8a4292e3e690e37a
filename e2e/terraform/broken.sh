#!/usr/bin/env bash
# Each rule of the tests is shown to find something: broken.txt says how a copy is broken, and which tests must fail.
set -euo pipefail
cd "$(dirname "$0")/../.."
. e2e/tools.sh
. e2e/check.sh
. e2e/testtools.sh
. e2e/terraform/tools.sh

need_terraform
need_provider
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R terraform "$work/whole"

# found FILE SED TESTS: the copy differs, and its tests fail on an assertion or a rule that no longer holds.
found() {
  local copy=$work/copy
  rm -rf "$copy" && cp -R "$work/whole" "$copy"
  sed "$2" "$copy/$1" >"$work/edited" && mv "$work/edited" "$copy/$1"
  ! diff -q "$work/whole/$1" "$copy/$1" >/dev/null || { echo "$1 is as before" && return 1; }
  if terraform -chdir="$copy" test -no-color -filter="tests/$3.tftest.hcl" >"$work/log" 2>&1; then
    echo "nobody noticed" && return 1
  fi
  grep -qE 'Test assertion failed|Missing expected failure|Resource precondition failed|Invalid value for variable' "$work/log" || { cat "$work/log" && return 1; }
}

terraform -chdir="$work/whole" init -backend=false -input=false >/dev/null
while IFS='|' read -r name file edit tests; do
  [[ $name != '#'* && -n $name ]] || continue
  read -r name <<<"$name" && read -r file <<<"$file" && read -r tests <<<"$tests"
  edit=${edit# } && edit=${edit%"${edit##*[! ]}"}
  check "found: $name" found "$file" "$edit" "$tests"
done < <(if [[ $# -gt 0 ]]; then grep -E "$1" e2e/terraform/broken.txt; else cat e2e/terraform/broken.txt; fi)
report
