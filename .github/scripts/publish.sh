#!/usr/bin/env bash
# publish.sh sums: dist/SHA256SUMS of what was packed.
# publish.sh TAG: a release of dist/ with the newest part of the changelog; files of one that is there are replaced.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"

if [[ $1 == sums ]]; then
  cd dist
  rm -f SHA256SUMS
  sha256sum -- * | tee SHA256SUMS
  exit
fi
notes=$(mktemp)
awk '/^## /{ part++ } part == 1' CHANGELOG.md >"$notes"
gh release view "$1" >/dev/null 2>&1 || gh release create "$1" --verify-tag --title "$1" --notes-file "$notes"
gh release upload "$1" --clobber dist/*
