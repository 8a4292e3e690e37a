#!/usr/bin/env bash
# Brings up a Kubernetes cluster with a registry, a git server and Argo CD, from empty, within namespaces of this machine.
# Needs Linux and root; e2e/cluster/down.sh takes all of it away.
set -euo pipefail
cd "$(dirname "$0")/../.."
. e2e/tools.sh
. e2e/testtools.sh
. e2e/check.sh
. e2e/cluster/parts.sh

[[ $(uname) == Linux && $(id -u) -eq 0 ]] || die "a cluster of processes needs Linux and root"
if is_up; then die "it is up already: e2e/cluster/down.sh"; fi
if compgen -G '/sys/fs/cgroup/{,*/}kubepods' >/dev/null; then die "another kubelet is at work on this machine"; fi

started=$(now)
step() { "$@"; printf '%5s s  %s\n' "$(since "$started")" "${*//_/ }"; }

rm -rf "$run"
step open_room
step issue_keys
step start_control_plane
step start_registry
push_argocd &
argocd_pushed=$!
publish_first_release &
release_pushed=$!
step start_node
step start_addons
wait "$argocd_pushed"
step install_argocd
step start_git_server
wait "$release_pushed"
step publish_repository
step await_argocd
