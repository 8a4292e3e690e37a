#!/usr/bin/env bash
# The README's first command, on a home of its own: it installs, and its tour is the README's.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/check.sh

prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT

installs() {
  PREFIX=$prefix ./bootstrap.sh >"$prefix/log" || { cat "$prefix/log" && return 1; }
  grep -qF "export PATH=\"$prefix/bin:\$PATH\"" "$prefix/log"
  [[ $("$prefix/bin/promoter" --version) == "promoter "* ]]
}

check "bootstrap.sh installs promoter on the path it prints" installs
check "README.md tells the tour as it runs" env PATH="$prefix/bin:$PATH" e2e/readme.sh
report
