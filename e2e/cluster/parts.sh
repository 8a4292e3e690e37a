# shellcheck shell=bash
# All parts of the cluster, in the order in which they need each other; after tools.sh and check.sh.

. e2e/cluster/place.sh
. e2e/cluster/room.sh
. e2e/cluster/keys.sh
. e2e/cluster/control.sh
. e2e/cluster/node.sh
. e2e/cluster/addons.sh
. e2e/cluster/registry.sh
. e2e/cluster/repository.sh
. e2e/cluster/argocd.sh
