#!/usr/bin/env bash
# The promoter of a commit that was reviewed, never that of the change which it judges.
#   promoter.sh key COMMIT    what it is built from, as `key=...`
#   promoter.sh build COMMIT  .tools/promoter/bin/promoter, unless it is there already
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
folder=$PWD/.tools/promoter
key=$(git rev-parse "$2:promoter" "$2:Cargo.lock" | cut -c 1-16 | paste -sd -)

built() { [[ $(cat "$folder/key" 2>/dev/null) == "$key" ]]; }

build() {
  local source
  source=$(mktemp -d)
  git worktree add --quiet --detach "$source" "$1"
  cargo install --path "$source/promoter" --locked --force --no-track --root "$folder"
  git worktree remove --force "$source"
  echo "$key" >"$folder/key"
}

case $1 in
  key) echo "key=promoter-$(uname -s)-$(uname -m)-$key" ;;
  build) built || build "$2" ;;
  *) echo "usage: promoter.sh key|build COMMIT" >&2 && exit 2 ;;
esac
if [[ $1 == build && -n ${GITHUB_PATH:-} ]]; then echo "$folder/bin" >>"$GITHUB_PATH"; fi
