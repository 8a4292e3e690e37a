#!/usr/bin/env bash
# Pull requests on a real Gitea, as on GitHub: opened, refreshed, adopted, closed, merged by itself; nothing of a person's is lost.
# Gitea is built from its Go module, minutes the first time; not a part of ./test.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/tools.sh
. e2e/testtools.sh
. e2e/check.sh

work=$(mktemp -d) server=
trap '[[ -z $server ]] || { kill "$server" && wait "$server" || true; }; rm -rf "$work"' EXIT
. e2e/gitea/server.sh
. e2e/gitea/story.sh

need_packaged jq
need_packaged curl
need_gitea
need_rust
cargo build --quiet --locked --package promoter
PATH=${CARGO_TARGET_DIR:-$PWD/target}/debug:$PATH
start_gitea
lay_shop

say "pull requests on $("$gitea" --version | cut -d ' ' -f 1-3)"
opened
refreshed
drafted
adopted
persons_commit
taken_back
crowd
merged_by_itself
refused
report
