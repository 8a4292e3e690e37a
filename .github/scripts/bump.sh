#!/usr/bin/env bash
# bump.sh ENVIRONMENT "VERSION VERSION ...": brings new images into the first environment, unless newer ones are there.
set -euo pipefail
read -ra versions <<<"$2"
promoter bump "$1" "${versions[@]}" --push --not-older
