#!/usr/bin/env bash
# The tables of docs/app-configuration.md are what the programs print; `write` puts them there.
set -euo pipefail
cd "$(dirname "$0")/.."
page=docs/app-configuration.md

# The page, with each table as the program prints it now between its two marks.
retold() {
  local line service=
  while IFS= read -r line; do
    if [[ $line == '<!-- end of the table -->' ]]; then service=; fi
    if [[ -z $service ]]; then printf '%s\n' "$line"; fi
    if [[ $line == '<!-- config: '* ]]; then
      service=${line#*: }
      cargo run --locked --quiet --package app --bin "${service% -->}" -- config
    fi
  done <"$page"
}

case ${1-check} in
  check) diff -u "$page" <(retold) ;;
  write) text=$(retold) && printf '%s\n' "$text" >"$page" ;;
  *) echo "usage: e2e/configuration.sh [check|write]" >&2 && exit 2 ;;
esac
