#!/usr/bin/env bash
# The images of what is not ours, from what tools.sh has built, into .tools/cluster/images: Argo CD, its Redis, and the first process of each pod.
# Argo CD's is its own Dockerfile's last stage in short, without Helm and without the web pages, which its Go module does not hold.
# What is there in this version already is not made again; `platform.sh --there` only says whether it is so.
# Needs a Docker daemon; ARGOCD_BASE is the Debian that Argo CD's image starts from.
set -euo pipefail
cd "$(dirname "$0")/../.."
. e2e/tools.sh
. e2e/testtools.sh
. e2e/cluster/place.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

key() { { kustomize version; cat "$bin/.argocd" "$bin/.pause" e2e/cluster/platform.sh e2e/cluster/platform/*; } | sha256sum | cut -c 1-16; }

# pack NAME VERSION: the folder of what goes in has a Dockerfile.
pack() {
  say "the image $1:$2"
  docker build --quiet --network host --build-arg BASE="${ARGOCD_BASE:-debian:12-slim}" --tag "e2e/$1:$2" "$work" >/dev/null
  rm -rf "${images:?}/$1"
  take_from_docker "$1:$2"
}

pack_argocd() {
  cp e2e/cluster/platform/argocd.Dockerfile "$work/Dockerfile"
  cp "$bin/argocd" "$(command -v kustomize)" "$cluster"/argocd/scripts/* "$work/"
  chmod 755 "$work"/*.sh
  pack argocd "$(argocd_version)"
}

pack_redis() {
  cp e2e/cluster/platform/redis.Dockerfile "$work/Dockerfile"
  pack argocd-redis "$(argocd_version)"
}

# The node asks nobody for it: it is laid into containerd from a file.
pack_pause() {
  cp "$bin/pause" "$work/"
  cp e2e/cluster/platform/pause.Dockerfile "$work/Dockerfile"
  docker build --quiet --tag localhost/pause:1 "$work" >/dev/null
  docker save localhost/pause:1 --output "$images/pause.tar"
}

if [[ $(cat "$images/platform.key" 2>/dev/null) == "$(key)" ]]; then exit 0; fi
if [[ ${1-} == --there ]]; then echo "the images of Argo CD are not made in this version" && exit 1; fi
docker info >/dev/null 2>&1 || die "a Docker daemon is needed to make the images"
need_kustomize
need_packaged skopeo
mkdir -p "$images"
pack_pause
pack_argocd
pack_redis
key >"$images/platform.key"
