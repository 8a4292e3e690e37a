#!/usr/bin/env bash
# The README's stories are what the tour prints: `e2e/readme.sh` compares, `e2e/readme.sh write` rewrites.
set -euo pipefail
cd "$(dirname "$0")/.."

TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
page=$TMPDIR/README.md

# Headings become sentences, one a line; what lies between them becomes blocks.
markdown() {
  awk '
    /^## / { if (open) print "```"; open = 0; gsub(/[.?] /, "&\n"); gsub(/ \n/, "\n"); print ""; print substr($0, 4); next }
    /^$/ && !open { next }
    /^$/ { blank = blank "\n"; next }
    { if (!open) print "\n```console"; else printf "%s", blank; open = 1; blank = ""; print }
    END { if (open) print "```"; print "" }'
}

# The README, with each story as it runs now between its two marks.
retold() {
  local line story=
  while IFS= read -r line; do
    if [[ $line == '<!-- end of the tour -->' ]]; then story=; fi
    if [[ -z $story ]]; then printf '%s\n' "$line"; fi
    if [[ $line == '<!-- tour: '* ]]; then
      story=${line#*: }
      e2e/tour.sh "${story% -->}" </dev/null | sed '/^== /,$d' | markdown
    fi
  done <README.md
}

# What no two runs have in common: commit ids, dates, the name of the scratch folder.
settled() {
  sed -E -e 's/[0-9a-f]{40}|[0-9a-f]{12}|[0-9a-f]{7}/ID/g' \
    -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:]+Z?)?/DATE/g' -e 's/promoter-tour\.[A-Za-z0-9]+/SCRATCH/g' "$1"
}

retold >"$page"
case ${1-check} in
  check) diff -u <(settled README.md) <(settled "$page") ;;
  write) cat "$page" >README.md ;;
  *) echo "usage: e2e/readme.sh [check|write]" >&2 && exit 2 ;;
esac
