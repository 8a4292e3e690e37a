#!/usr/bin/env bash
# check.sh BASE: judges the checked-out change as a promotion would be judged.
# Who changes the rules themselves says so by the label `rules-changed` (RULES_CHANGED=true); an owner reviews it.
set -euo pipefail

allow=()
if [[ ${RULES_CHANGED:-false} == true ]]; then allow=(--allow rules-changed); fi
promoter check --base "$1" "${allow[@]}"
