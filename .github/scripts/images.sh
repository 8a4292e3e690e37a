#!/usr/bin/env bash
# images.sh SERVICE...: builds each service's image for all platforms and pushes it, once for a commit.
# Prints what environments take in: `versions=api=0.1.42@sha256:... auth=0.1.42@sha256:...`.
# REGISTRY is where the images go (ghcr.io/owner); tags are major.minor of Cargo.toml and the number of commits.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
: "${REGISTRY:?}"

minor=$(sed -n 's/^version = "\([0-9]*\.[0-9]*\)\..*/\1/p' Cargo.toml)
tag=$minor.$(git rev-list --count --first-parent HEAD)

# The digest of the index, which names an image for each platform; 1 when there is none.
digest() { skopeo inspect --raw "docker://$1" 2>/dev/null | sha256sum | sed 's/^\([0-9a-f]*\).*/sha256:\1/'; }

# What was pushed for this commit before stays: a run that is repeated changes nothing.
build() {
  local image=$REGISTRY/$1:$tag
  if digest "$image" >/dev/null; then return; fi
  # Layers are not kept: buildah takes those of one platform for another's.
  buildah build --quiet --platform "${PLATFORMS:-linux/amd64,linux/arm64}" --manifest "$image" \
    --file "${DOCKERFILES:-app/docker}/$1/Dockerfile" \
    --build-arg "VERSION=$tag" --build-arg "GIT_COMMIT=$(git rev-parse HEAD)" --build-arg "SOURCE=${SOURCE:-}" . >&2
  buildah manifest push --all "$image" "docker://$image" >&2
}

read -ra services <<<"$*"
versions=()
for service in "${services[@]}"; do
  build "$service"
  versions+=("$service=$tag@$(digest "$REGISTRY/$service:$tag")")
done
echo "versions=${versions[*]}"
