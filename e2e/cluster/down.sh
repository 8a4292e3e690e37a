#!/usr/bin/env bash
# Takes away the cluster that up.sh made; what was built for it stays in .tools/cluster.
set -euo pipefail
cd "$(dirname "$0")/../.."
. e2e/tools.sh
. e2e/check.sh
. e2e/cluster/place.sh
. e2e/cluster/room.sh

close_room
