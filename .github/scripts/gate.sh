#!/usr/bin/env bash
# The one required check: every job that it needs has succeeded, or was not ordered.
# NEEDS is the workflow's `needs` as JSON; the outputs of its job `parts` say what was ordered.
set -euo pipefail

missing=$(jq -r '
  (if .parts.result == "success" then .parts.outputs else {} end) as $ordered
  | to_entries[]
  | select(.value.result != "success")
  | select((.value.result == "skipped" and $ordered[.key] == "false") | not)
  | "\(.key): \(.value.result)"' <<<"${NEEDS:?}")

if [[ -n $missing ]]; then
  printf 'not merged, because of\n%s\n' "$missing"
  exit 1
fi
jq -r 'to_entries[] | "\(.key): \(.value.result)"' <<<"$NEEDS"
