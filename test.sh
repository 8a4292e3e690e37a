#!/usr/bin/env bash
# Installs what the tests need and runs all of them; the last line counts them.
set -euo pipefail
cd "$(dirname "$0")"
. e2e/tools.sh
. e2e/testtools.sh
. e2e/contract/tools.sh
. e2e/github/tools.sh
. e2e/count.sh

say "what the tests need"
has git || packages git
need_c_compiler
need_rust
need_test_tools
need_contract_tools
need_github_schemas

step "format" cargo fmt --all --check
step "shell scripts" bash -c 'git ls-files -z "*.sh" .ci/run | xargs -0 shellcheck'
step "manifests" e2e/manifests.sh
step "documents" e2e/documents.sh
step "lints" cargo clippy --locked --workspace --all-targets -- -D warnings
step "licences, bans and sources" cargo deny --locked --all-features check licenses bans sources
step "tests" cargo test --locked --workspace --no-fail-fast
step "the documents of the services and their page" e2e/contract.sh
step "the harness of the benchmarks" benches/test.sh
step "a newcomer's first command" e2e/newcomer.sh
total
