#!/usr/bin/env bash
# argocd.sh FOLDER: Argo CD into the cluster that kubectl points at, and the root application of the folder; running it again changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
. terraform/stack.sh

say "Argo CD"
kubectl apply --server-side --force-conflicts -k argocd/install
for crd in applications applicationsets appprojects; do
  kubectl wait --for=condition=Established --timeout=120s "crd/$crd.argoproj.io"
done
kubectl --namespace argocd rollout status --timeout=600s deployment/argocd-server
kubectl --namespace argocd rollout status --timeout=600s deployment/argocd-repo-server

say "what it runs: the root application, from git"
kubectl apply --server-side -k "${1:-argocd}"
kubectl --namespace argocd get applications
