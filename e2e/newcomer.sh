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

# needs_libc_alone PROGRAM: of the system's libraries it asks for none but the C library's own.
needs_libc_alone() {
  local libraries
  libraries=$(ldd "$1") || return 1
  ! grep -vE 'linux-vdso|ld-linux|/lib(c|m|gcc_s|pthread|dl|rt)\.so' <<<"$libraries"
}

check "bootstrap.sh installs promoter on the path it prints" installs
check "README.md tells the tour as it runs" env PATH="$prefix/bin:$PATH" e2e/readme.sh
if [[ $(uname) == Linux ]]; then
  check "promoter needs no library but libc" needs_libc_alone "$prefix/bin/promoter"
  check "a further library is found" refuses needs_libc_alone "$(command -v git)"
fi
report
