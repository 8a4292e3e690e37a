#!/usr/bin/env bash
# kind.sh up|down: a cluster by kind with Argo CD, which runs what a fork's main branch says.
# REPO is the fork's URL: this clone belongs to it (make adopt), and its images are published.
set -euo pipefail
cd "$(dirname "$0")/../.."
. e2e/tools.sh
. e2e/testtools.sh
. e2e/check.sh

name=promoter
is_there() { kind get clusters 2>/dev/null | grep -qx "$name"; }

up() {
  has kind || die "REPO= needs kind and a container runtime; without REPO, Linux and root are enough"
  has kubectl || die "kubectl is needed beside kind"
  local own
  own=$(sed -n 's|^  url: \(.*\)\.git$|\1|p' argocd/repository/repository.yaml)
  [[ $own == "${REPO%.git}" ]] || die "this clone belongs to $own: make adopt REPO=$REPO REGISTRY=..., then commit and push"
  is_there || kind create cluster --name "$name" --wait 5m
  kubectl config use-context "kind-$name"
  terraform/argocd.sh argocd
}

# Before the cluster of processes is taken away: nobody has both, and there may be neither.
down() { if has kind && is_there; then kind delete cluster --name "$name"; fi; }

case ${1-} in
  up | down) "$1" ;;
  *) die "usage: REPO=https://github.com/owner/name e2e/cluster/kind.sh up|down" ;;
esac
