#!/bin/sh
# The fast tests of the app on the oldest supported Rust, stable and beta, each in a target folder of its own.
# Installs those toolchains by rustup and brings stable and beta up to date.
set -eu
cd "$(dirname "$0")/.."
oldest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
for toolchain in "$oldest" stable beta; do
  echo "== $toolchain"
  rustup toolchain install "$toolchain" --profile minimal --no-self-update
  RUSTUP_TOOLCHAIN=$toolchain CARGO_TARGET_DIR=target/toolchains/$toolchain app/unit.sh
done
