#!/usr/bin/env bash
# Argo CD on http://127.0.0.1:8081 until Ctrl-C: of the cluster that up.sh made, else of the kubeconfig's.
# PORT says another port.
set -euo pipefail
cd "$(dirname "$0")/../.."
. e2e/tools.sh
. e2e/testtools.sh
. e2e/check.sh
. e2e/cluster/place.sh

port=${PORT:-8081}

# Of a cluster in namespaces of its own, each connection is led inside.
lead_inside() {
  need_packaged socat
  tell "$(cat "$run/secrets/argocd")"
  exec socat "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr" "EXEC:nsenter --target $(cat "$run/init") --net socat STDIO TCP\:$(address argocd argocd-server)\:80"
}

forward() {
  has kubectl || die "there is no cluster: make cluster-up"
  tell "$(kubectl --namespace argocd get secret argocd-initial-admin-secret --output 'jsonpath={.data.password}' | base64 --decode)"
  exec kubectl --namespace argocd port-forward service/argocd-server "$port:80" >/dev/null
}

tell() { printf 'Argo CD: http://127.0.0.1:%s/\nuser:     admin\npassword: %s\n' "$port" "$1"; }

if is_up; then lead_inside; else forward; fi
