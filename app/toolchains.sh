#!/bin/sh
# toolchains.sh [oldest|stable|beta]...: the fast tests of the app on those toolchains of Rust, else on all three,
# each in a target folder of its own. Installs them by rustup and brings stable and beta up to date.
set -eu
cd "$(dirname "$0")/.."
if [ $# -eq 0 ]; then set -- oldest stable beta; fi
for toolchain; do
  if [ "$toolchain" = oldest ]; then toolchain=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml); fi
  echo "== $toolchain"
  rustup toolchain install "$toolchain" --profile minimal --no-self-update
  RUSTUP_TOOLCHAIN=$toolchain CARGO_TARGET_DIR=target/toolchains/$toolchain app/unit.sh
done
