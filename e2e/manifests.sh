#!/usr/bin/env bash
# Every overlay builds, keeps the rules of e2e/manifests/, is known to the Kubernetes in use, and says nothing that the base says.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/check.sh
. e2e/tools.sh
. e2e/testtools.sh
. e2e/overlay.sh
. e2e/manifests/tools.sh
. e2e/manifests/checks.sh
need_manifests_tools

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$manifests_python" e2e/manifests || failed
mkdir "$work/rendered"
versions=$("$manifests_python" e2e/manifests rendered "$work/rendered")
for version in $versions; do
  check "Kubernetes $version knows every field" conform "$version" "$work/rendered"
done
newest=${versions##*$'\n'}
check "kube-score has no objection" scored "$newest" "$work"/rendered/{staging,prod,outside}-*.yaml
check "kube-score has none to single copies but that they are" scored_alone "$newest" "$work"/rendered/{dev,embedded}-*.yaml

overlays=$(printf '%s\n' environments/*/*)
for overlay in $overlays; do
  check "$overlay says only what differs" differs "$overlay"
done
if has kubectl; then
  for folder in $overlays argocd; do
    check "$folder is the same for kubectl" same "$folder"
  done
else
  echo "skipped - kubectl is not here: whether it renders the same is not known"
fi

# broken NAME FILE SED-SCRIPT COMMAND...: the command refuses a rendered file that is edited.
broken() {
  sed "$3" "$work/rendered/$2" >"$work/$2"
  check "$1 is found" refuses "${@:4}" "$work/$2"
}

# with FILE SED-SCRIPT CHECK OVERLAY: the check on a copy of the tree in which one file is edited.
with() {
  rm -rf "$work/tree" && mkdir "$work/tree" && cp -R kustomize environments "$work/tree"
  sed "$2" "$1" >"$work/tree/$1"
  (cd "$work/tree" && "$3" "$4")
}

broken "a misspelt field" prod-api.yaml 's/minReplicas/minReplica/' conform "$newest"
broken "a wrong type" prod-api.yaml 's/maxUnavailable: 0/maxUnavailable: [0]/' conform "$newest"
broken "an unknown version of a kind" prod-api.yaml 's|autoscaling/v2|autoscaling/v2beta1|' conform "$newest"
broken "a misspelt field of Argo CD" argocd.yaml 's/selfHeal/selfHeals/' conform "$newest"
broken "a writable root" dev-redis.yaml 's/readOnlyRootFilesystem: true/readOnlyRootFilesystem: false/' scored "$newest"
check "a repeated value is found" refuses with environments/staging/api/kustomization.yaml '/^components/{x;s/^/namePrefix: ""/;p;x;}' differs environments/staging/api
report
