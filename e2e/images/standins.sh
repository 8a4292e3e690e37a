#!/usr/bin/env bash
# Stand-ins for the official base images, for a machine that can reach Debian's packages but no image registry.
# They bear the official names so that the Dockerfiles are built as they are; docs/verification.md says what that leaves open.
# Needs root, debootstrap, a Docker daemon, and the Rust toolchain of this machine.
set -euo pipefail
cd "$(dirname "$0")"
mirror=${MIRROR:-http://deb.debian.org/debian}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

# One Debian that all of them start from.
debian() {
  if has_image standin/debian:12; then return; fi
  debootstrap --variant=minbase --include=ca-certificates bookworm "$work/debian" "$mirror" >"$work/log" || { cat "$work/log" && return 1; }
  rm -rf "$work"/debian/var/cache/apt/archives/*.deb "$work"/debian/var/lib/apt/lists/*
  tar -C "$work/debian" --exclude='./dev/*' -c . | docker import - standin/debian:12
  docker tag standin/debian:12 debian:12-slim
}

# The toolchain as rustup laid it here, without its documentation, and the crates that cargo has fetched.
rust_context() {
  local cargo=${CARGO_HOME:-$HOME/.cargo} toolchain
  toolchain=$(rustc --print sysroot)
  mkdir -p "$1/rustup/toolchains" "$1/cargo/registry" "$1/cargo/bin"
  cp -a "$(readlink -f "$toolchain")" "$1/rustup/toolchains/$(basename "$toolchain")"
  rm -rf "$1"/rustup/toolchains/*/share
  printf 'default_toolchain = "%s"\nversion = "12"\n' "$(basename "$toolchain")" >"$1/rustup/settings.toml"
  cp -a "$cargo/bin/rustup" "$1/cargo/bin/"
  cp -a "$cargo/registry/cache" "$cargo/registry/index" "$1/cargo/registry/"
}

# standin OFFICIAL-NAME DOCKERFILE [MAKE-CONTEXT]
standin() {
  if has_image "$1"; then return; fi
  mkdir -p "$work/$2"
  cp "$2.Dockerfile" "$work/$2/Dockerfile"
  if [[ $# -eq 3 ]]; then "$3" "$work/$2"; fi
  DOCKER_BUILDKIT=0 docker build --network host --tag "$1" "$work/$2"
  rm -rf "${work:?}/$2"
}

postgres_context() { cp postgres-entrypoint.sh "$1/docker-entrypoint.sh"; }

debian
standin rust:1.95-bookworm rust rust_context
standin postgres:17-bookworm postgres postgres_context
standin redis:8-bookworm redis
standin nginx:1.28-bookworm nginx
