# shellcheck shell=bash
# All steps of the loop, after parts.sh.

. e2e/cluster/loop/world.sh
. e2e/cluster/loop/start.sh
. e2e/cluster/loop/first_sync.sh
. e2e/cluster/loop/promotion.sh
. e2e/cluster/loop/going_back.sh
. e2e/cluster/loop/broken.sh
. e2e/cluster/loop/load.sh
. e2e/cluster/loop/drift.sh
. e2e/cluster/loop/outage.sh
. e2e/cluster/loop/backup.sh
. e2e/cluster/loop/dashboard.sh
. e2e/cluster/loop/rendering.sh
. e2e/cluster/loop/runbooks.sh
. e2e/cluster/loop/report.sh
