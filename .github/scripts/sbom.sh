#!/usr/bin/env bash
# sbom.sh CRATE: what goes into a crate, as CycloneDX; prints the file's path.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
version=0.5.9
if [[ $(cargo cyclonedx --version 2>/dev/null) != *" $version" ]]; then
  cargo install cargo-cyclonedx --locked --force --quiet --version "$version" >&2
fi
cargo cyclonedx --quiet --manifest-path "$1/Cargo.toml" --format json --spec-version 1.5 --override-filename sbom.cdx >&2
echo "$PWD/$1/sbom.cdx.json"
