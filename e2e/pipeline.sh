#!/usr/bin/env bash
# The pipelines, as the workflows say them, step by step on a scratch clone with a remote of its own:
# what must be stopped is stopped by the gate, what was merged becomes images and enters dev.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/check.sh
. e2e/tools.sh
. e2e/testtools.sh
. e2e/contract/tools.sh
. e2e/github/tools.sh
. e2e/pipeline/tools.sh
. e2e/manifests/tools.sh
. e2e/scratch.sh
need_pipeline_tools
need_manifests_tools
need_alert_tools

root=$PWD python=$pipeline/bin/python
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
# The scratch clone has a home of its own; what was fetched and compiled before is taken from here.
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
GOPATH=$(go env GOPATH) GOCACHE=$(go env GOCACHE)
export GOPATH GOCACHE
cargo build --quiet --locked --package promoter
promoter=$CARGO_TARGET_DIR/debug/promoter
# Always the same place, so that what a test of the clone compiles is compiled once.
work=$CARGO_TARGET_DIR/pipeline
rm -rf "$work" && mkdir -p "$work"
cosign=real
if ! has cosign || [[ -z ${COSIGN_KEY:-} ]]; then cosign=stand-in; fi
. e2e/pipeline/clone.sh
. e2e/pipeline/judge.sh
. e2e/pipeline/servers.sh
trap 'end_servers; rm -rf "$work"' EXIT

lay_remote
cd "$work/clone"
released 0.2.0 staging
. "$root/e2e/pipeline/pull_request.sh"

start_registry
use_registry
start_forge
PATH=$(stand_ins):$PWD/.tools/promoter/bin:$PATH
. "$root/e2e/pipeline/main.sh"
report
