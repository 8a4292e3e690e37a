#!/usr/bin/env bash
# Every overlay builds, pins what it runs, is hardened, and says nothing that the base says.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/check.sh
. e2e/overlay.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# with FILE SED-SCRIPT CHECK OVERLAY: the check on a copy of the tree in which one file is edited.
with() {
  rm -rf "$work/tree" && mkdir "$work/tree" && cp -R kustomize environments "$work/tree"
  sed "$2" "$1" >"$work/tree/$1"
  (cd "$work/tree" && "$3" "$4")
}

services=$(ls kustomize/base)
environments=$(sed -n 's/^  - name: *//p' promoter.yaml)
for environment in $environments; do
  for service in $services; do
    overlay=environments/$environment/$service
    check "$overlay builds" builds "$overlay"
    check "$overlay pins one image by tag" pins "$overlay"
    check "$overlay runs hardened" hardened "$overlay"
    check "$overlay keeps a budget exactly when it has copies" budgeted "$overlay"
    check "$overlay says only what differs" differs "$overlay"
  done
done

file=environments/staging/api/kustomization.yaml
base=kustomize/base/redis/statefulset.yaml
at=environments/staging/api
check "a missing base is found" refuses with "$file" 's|base/api|base/none|' builds "$at"
check "latest is found" refuses with "$file" 's|newTag:.*|newTag: latest|' pins "$at"
check "an unmapped image is found" refuses with "$file" '/newName/d' pins "$at"
check "a writable root is found" refuses with "$base" '/readOnlyRoot/d' hardened environments/dev/redis
check "a lone copy with a budget is found" refuses with "$file" "/components.autoscaling/d" budgeted "$at"
check "a repeated value is found" refuses with "$file" '/^components/{x;s/^/namePrefix: ""/;p;x;}' differs "$at"
report
