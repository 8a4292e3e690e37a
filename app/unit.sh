#!/bin/sh
# The fast tests of the app: what a unit says, and what the built services answer on their embedded stores.
set -eu
cd "$(dirname "$0")/.."
cargo test --locked --package app --lib
cargo test --locked --package app --test contract embedded
