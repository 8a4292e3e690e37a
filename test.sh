#!/usr/bin/env bash
# Installs what the tests need and runs all of them; the last line counts them.
# `./test.sh lint` runs one part alone, as a job of the pipeline does: style, lint, manifests, tests or services.
set -euo pipefail
cd "$(dirname "$0")"
. e2e/tools.sh
. e2e/testtools.sh
. e2e/contract/tools.sh
. e2e/github/tools.sh
. e2e/pipeline/tools.sh
. e2e/count.sh

style() {
  need_packaged shellcheck
  need_workflow_tools
  step "format" cargo fmt --all --check
  step "shell scripts" bash -c 'git ls-files -z "*.sh" .ci/run | xargs -0 shellcheck'
  step "workflows" e2e/workflows.sh
}

lint() {
  need_cargo_deny
  step "documents" e2e/documents.sh
  step "pictures" e2e/pictures.sh
  step "requirements" e2e/requirements.sh
  step "lints" cargo clippy --locked --workspace --all-targets -- -D warnings
  step "licences, bans and sources" cargo deny --locked --all-features check licenses bans sources
}

manifests() {
  need_test_tools
  step "manifests" e2e/manifests.sh
  step "the names of a fork" e2e/adopt.sh
}

terraform() {
  step "terraform" e2e/terraform.sh
}

tests() {
  need_test_tools
  need_github_schemas
  step "tests" cargo test --locked --workspace --no-fail-fast
}

services() {
  need_test_tools
  need_contract_tools
  step "the documents of the services and their page" e2e/contract.sh
  step "alerts and the dashboard" e2e/alerts.sh
  step "the presentation" e2e/presentation.sh
  step "the harness of the benchmarks" benches/test.sh
  step "a newcomer's first command" e2e/newcomer.sh
  need_pipeline_tools
  step "the pipelines, step by step" e2e/pipeline.sh
}

# The first steps of the loop, where what they need is built already: from nothing it takes 12 minutes more.
loop() {
  need_test_tools
  if unready=$(e2e/cluster/there.sh); then
    unready=
    step "the loop on a real cluster" e2e/cluster.sh first_sync promotion going_back broken load mended
  else
    say "the loop on a real cluster was NOT run: $unready"
  fi
}

unready=
parts=("$@")
if [[ $# -eq 0 ]]; then parts=(style lint manifests terraform tests services loop); fi
for part in "${parts[@]}"; do
  [[ $part =~ ^(style|lint|manifests|terraform|tests|services|loop)$ ]] || die "usage: ./test.sh [style|lint|manifests|terraform|tests|services|loop]..."
done

say "what the tests need"
has git || packages git
need_c_compiler
need_rust
for part in "${parts[@]}"; do "$part"; done
[[ -z $unready ]] || say "the loop on a real cluster was NOT run (\`make e2e\` builds what it needs): ${unready##*$'\n'}"
total
