#!/usr/bin/env bash
# Installs what is missing, builds and installs `promoter`, and shows it at work on a scratch clone.
# PREFIX says where to install (default ~/.local); nothing else on the machine changes.
# `./bootstrap.sh api` tests and serves the API instead, until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")"
. e2e/tools.sh

case $* in
  '') ;;
  api) exec app/serve.sh ;;
  *) die "usage: [PREFIX=DIR] ./bootstrap.sh [api]" ;;
esac
bin=${PREFIX:-$HOME/.local}/bin

say "what a build needs: git, a C compiler, Rust"
has git || packages git
need_c_compiler
need_rust

say "building promoter (minutes the first time, seconds afterwards)"
cargo install --path promoter --locked --force --no-track --root "${bin%/bin}"

say "one promotion, from start to end, on a scratch clone of this repository"
reached=$PATH
PATH=$bin:$PATH e2e/tour.sh

say "promoter is installed: $bin/promoter"
[[ :$reached: == *:$bin:* ]] || echo "Put it on your path:  export PATH=\"$bin:\$PATH\""
echo "Next:  promoter status  in the scratch clone, or  promoter init  in a repository of your own."
