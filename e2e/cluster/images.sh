#!/usr/bin/env bash
# The images of three releases, made from app/ as it is in the working tree, into .tools/cluster/images:
# 0.1.0 is what is here; 0.2.0 adds a migration; 0.3.0, of api alone, is 0.2.0 that answers probes where nobody can ask.
# The programs are compiled here, by cargo, and laid into the last stage of the Dockerfiles; e2e/images.sh builds these whole.
# What was made of the same sources is not made again; `images.sh --there` only says whether it is so.
# Needs a Docker daemon; PATIENTLY is put before what takes long.
set -euo pipefail
cd "$(dirname "$0")/../.."
. e2e/tools.sh
. e2e/testtools.sh
. e2e/cluster/place.sh

triple=$(uname -m)-unknown-linux-musl
target=${CARGO_TARGET_DIR:-$PWD/target}
commit=$(git rev-parse HEAD)
read -ra patiently <<<"${PATIENTLY-}"

# What an image follows from, uncommitted changes included.
sources() { git ls-files -z --cached --others --exclude-standard Cargo.toml Cargo.lock rust-toolchain.toml app; }
key() { (sources && printf '%s\0' e2e/cluster/images.sh) | xargs -0 sha256sum | sha256sum | cut -c 1-16; }

# lay VERSION: a copy of the sources that bears the version; promoter is there because the workspace names it.
lay() {
  at=$cluster/sources/$1
  rm -rf "$at" && mkdir -p "$at"
  (sources && git ls-files -z promoter) | xargs -0 cp --parents --target-directory "$at"
  sed -i "/^\[workspace.package\]/,/^\[/ s/^version = .*/version = \"$1\"/" "$at/Cargo.toml"
}

# One that the release before it can live with.
add_migration() {
  local kind
  for kind in postgres sqlite; do
    echo "alter table records add column note text not null default '';" >"$at/app/migrations/$kind/0002_notes.sql"
  done
}

compile() {
  say "api and auth $1"
  (cd "$at" && GIT_COMMIT=$commit CARGO_TARGET_DIR=$target ${patiently[@]+"${patiently[@]}"} \
    cargo --config app/docker/cargo.toml build --quiet --release --package app --bins --target "$triple")
  cp "$target/$triple/release/"{api,auth} "$at/"
}

# package NAME VERSION [LINE]: the last stage of its Dockerfile, with the programs from here, and a further line.
package() {
  say "the image $1:$2"
  (cd "$at" && { last_stage "app/docker/$1/Dockerfile" && echo "${3-}"; } >Dockerfile && docker build --quiet --tag "e2e/$1:$2" \
    --build-arg "VERSION=$2" --build-arg "GIT_COMMIT=$commit" . >/dev/null)
  take_from_docker "$1:$2"
}

last_stage() {
  grep -E '^ARG (POSTGRES|REDIS)_IMAGE' "$1" || true
  sed -n '/^FROM \(scratch$\|[$]{POSTGRES_IMAGE}\|[$]{REDIS_IMAGE}\)/,$p' "$1" | sed 's|--from=build /out/||'
}

if [[ $(cat "$images/key" 2>/dev/null) == "$(key)" ]]; then exit 0; fi
if [[ ${1-} == --there ]]; then echo "the images are not made of these sources" && exit 1; fi
docker info >/dev/null 2>&1 || die "a Docker daemon is needed to make the images"
need_packaged skopeo
need_rust
mkdir -p "$images"
rm -rf "$images"/{api,auth,postgres,redis}
for version in 0.1.0 0.2.0; do
  lay "$version"
  if [[ $version == 0.2.0 ]]; then add_migration; fi
  compile "$version"
  for name in api auth; do package "$name" "$version"; done
  if [[ $version == 0.1.0 ]]; then for name in postgres redis; do package "$name" "$version"; done; fi
done
package api 0.3.0 'CMD ["serve", "--admin-addr", "127.0.0.1:9090"]' # its Jobs say what to do instead of CMD
rm -rf "$cluster/sources"
key >"$images/key"
