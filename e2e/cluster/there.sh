#!/usr/bin/env bash
# Whether the loop can run here without minutes of building first; says what is missing, and then fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
. e2e/tools.sh
. e2e/cluster/packages.sh

missing() { echo "$*" && exit 1; }

[[ $(uname) == Linux ]] || missing "a cluster of processes needs Linux"
[[ $(id -u) -eq 0 ]] || missing "a cluster of processes needs root"
lacking=$(missing_packages | paste -s -d ' ')
[[ -z $lacking ]] || missing "$lacking: e2e/cluster.sh installs it"
e2e/cluster/tools.sh --there || exit 1
e2e/cluster/platform.sh --there || exit 1
e2e/cluster/images.sh --there || docker info >/dev/null 2>&1 || exit 1
