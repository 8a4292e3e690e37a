#!/usr/bin/env bash
# Whether the loop can run here without minutes of building first; says what is missing, and then fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
. e2e/tools.sh

missing() { echo "$*" && exit 1; }

[[ $(uname) == Linux ]] || missing "a cluster of processes needs Linux"
[[ $(id -u) -eq 0 ]] || missing "a cluster of processes needs root"
for program in containerd runc iptables docker-registry skopeo jq openssl nsenter envsubst; do
  has "$program" || missing "$program is not here; e2e/cluster.sh installs it"
done
e2e/cluster/tools.sh --there || exit 1
e2e/cluster/platform.sh --there || exit 1
e2e/cluster/images.sh --there || docker info >/dev/null 2>&1 || exit 1
