#!/usr/bin/env bash
# attest.sh "IMAGE=TAG@DIGEST IMAGE=TAG@DIGEST ...": signs each image by its digest, and attaches the list of what is in it.
# In a workflow cosign signs by the workflow's identity; COSIGN_KEY names a key instead.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
: "${REGISTRY:?}"
identity=(--yes)
if [[ -n ${COSIGN_KEY:-} ]]; then identity+=(--key "$COSIGN_KEY" --tlog-upload=false --use-signing-config=false); fi

read -ra versions <<<"$1"
sbom=$(.github/scripts/sbom.sh app)
for version in "${versions[@]}"; do
  image=$REGISTRY/${version%%=*}@${version##*@}
  cosign sign "${identity[@]}" --recursive "$image"
  cosign attest "${identity[@]}" --type cyclonedx --predicate "$sbom" "$image"
done
