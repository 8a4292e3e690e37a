#!/bin/sh
# What the stages of the Dockerfiles run: compile.sh tools|dependencies|test|release, in a folder that has the sources.
# TARGETARCH says for which machines (amd64 or arm64; unset: such as this one).
set -eu

here=$(dpkg --print-architecture)
arch=${TARGETARCH:-$here}
case $arch in
  amd64) cpu=x86_64 ;;
  arm64) cpu=aarch64 ;;
  *) echo "compile.sh: no image is made for $arch" >&2 && exit 2 ;;
esac
triple=$cpu-unknown-linux-musl

# A BUILD_IMAGE that has them already needs no package server and no rustup.
tools() {
  if ! command -v make || ! command -v "$cpu-linux-gnu-gcc" || ! command -v "$cpu-linux-musl-gcc"; then packages; fi
  [ -d "$(rustc --print sysroot)/lib/rustlib/$triple" ] || rustup target add "$triple"
}

# The C compiler for the machine, musl's headers, and make for jemalloc; Rust brings musl itself.
packages() {
  compiler=gcc
  if [ "$arch" != "$here" ]; then
    dpkg --add-architecture "$arch"
    compiler=gcc-$(echo "$cpu" | tr _ -)-linux-gnu
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -yqq --no-install-recommends make "$compiler" "musl-dev:$arch" >/dev/null
  rm -rf /var/lib/apt/lists/*
}

# Everything but our own code, which is empty here: this layer lasts until a manifest changes.
dependencies() {
  mkdir -p app/src/bin promoter/src
  touch app/src/lib.rs promoter/src/lib.rs
  echo 'fn main() {}' | tee app/src/bin/api.rs app/src/bin/auth.rs >promoter/src/main.rs
  cargo test --locked --package app --no-run
  release
}

# Sources keep the times they have outside, which may be older than what was compiled of the empty ones.
fresh() {
  touch app/src/lib.rs app/src/bin/*.rs
}

release() {
  cargo build --locked --release --package app --bins --target "$triple"
  mkdir -p /out
  cp "target/$triple/release/api" "target/$triple/release/auth" /out/
}

case $1 in
  tools) tools ;;
  dependencies) dependencies ;;
  test) fresh && app/unit.sh ;;
  release) fresh && release ;;
esac
