#!/usr/bin/env bash
# promote.sh FROM TO "SERVICE SERVICE ...": opens or refreshes the pull request whose approval is the release.
set -euo pipefail
read -ra services <<<"${3:-}"
promoter promote "$1" "$2" "${services[@]}" --pr
