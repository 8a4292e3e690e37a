#!/bin/sh
# The fast tests of the app: no server, nothing installed.
set -eu
cd "$(dirname "$0")/.."
cargo test --locked --package app --lib
