#!/usr/bin/env bash
# The pictures of docs/pictures show what their texts say; `write` draws them anew.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/check.sh
. e2e/tools.sh
. e2e/testtools.sh
has dot || packages graphviz

# Versions of graphviz place things differently; what is shown, and what leads where, is the same.
said() { grep -oE '<title>[^<]*</title>|<text [^>]*>[^<]*' | sed 's/<text [^>]*>//' | sort; }
as_said() { diff <(said <"${1%.dot}.svg") <(dot -Tsvg "$1" | said); }

for text in docs/pictures/*.dot; do
  case ${1-check} in
    check) check "${text%.dot}.svg shows what its text says" as_said "$text" ;;
    write) dot -Tsvg "$text" | sed 's/[[:space:]]*$//' >"${text%.dot}.svg" ;;
    *) die "usage: e2e/pictures.sh [check|write]" ;;
  esac
done
if [[ ${1-check} == check ]]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  cp docs/pictures/services.* "$work"
  sed -i 's/"token"/"word"/' "$work/services.dot"
  check "a picture of another text is found" refuses as_said "$work/services.dot"
fi
report
