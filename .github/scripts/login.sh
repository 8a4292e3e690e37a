#!/usr/bin/env bash
# login.sh REGISTRY USER: keeps the password, which comes by standard input, where buildah, skopeo, cosign and promoter look.
set -euo pipefail
buildah login --username "$2" --password-stdin --authfile "${REGISTRY_AUTH_FILE:?}" "${1%%/*}"
