#!/usr/bin/env bash
# The whole loop on a real cluster: promoter, git, Argo CD, Kubernetes, HTTP, and back.
#   e2e/cluster.sh [--keep] [STEP...]   all steps, or some of: first_sync promotion going_back broken load rendering backup mended drift outage dashboard runbooks
# What it needs is built first, minutes the first time; --keep leaves the cluster for a look, and for a further run.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/tools.sh
. e2e/testtools.sh
. e2e/check.sh
. e2e/cluster/packages.sh
. e2e/cluster/parts.sh
. e2e/cluster/loop.sh

keep=
if [[ ${1-} == --keep ]]; then keep=yes && shift; fi
steps=("$@")
[[ $# -gt 0 ]] || steps=(first_sync promotion going_back broken load rendering backup mended drift outage dashboard runbooks)

exec 9>"$cluster/lock" # what outlives this run is spawned without it
flock --nonblock 9 || die "another run has the cluster"
need_cluster_packages
need_rust
cargo build --quiet --locked --release --package promoter
e2e/cluster/tools.sh
e2e/cluster/platform.sh
e2e/cluster/images.sh

end() { [[ -n $keep ]] || e2e/cluster/down.sh; }
trap end EXIT
is_up || e2e/cluster/up.sh
start_state
for step in "${steps[@]}"; do
  say "${step//_/ }"
  step_started=$(now)
  "$step"
  echo "| the step \`$step\`, all of it | $(since "$step_started") s |" >>"$run/times"
done
written_report
report
