#!/usr/bin/env bash
# release.sh TARGET: builds promoter for a Rust target and packs it into dist/; the same sources make the same bytes.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
. e2e/tools.sh
target=$1
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
name=promoter-$version-$target

# A tag that names another version than the program tells is a mistake.
if [[ ${GITHUB_REF_TYPE:-} == tag ]]; then
  [[ $GITHUB_REF_NAME == "promoter-v$version" ]] || die "the tag is $GITHUB_REF_NAME, Cargo.toml says $version"
fi

need_rust
if [[ $target == *-musl ]]; then has musl-gcc || packages musl-tools; fi
[[ -d $(rustc --print sysroot)/lib/rustlib/$target ]] || rustup target add "$target"
cargo build --locked --release --package promoter --target "$target"

rm -rf "dist/$name" && mkdir -p "dist/$name"
cp "${CARGO_TARGET_DIR:-target}/$target/release/promoter" LICENSE README.md CHANGELOG.md "dist/$name/"
cp "$(.github/scripts/sbom.sh promoter)" "dist/$name.cdx.json"
python3 .github/scripts/archive.py "dist/$name" "$(git log -1 --format=%ct)"
rm -r "dist/$name"
