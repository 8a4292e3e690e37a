# shellcheck shell=bash
# A. From an empty cluster to three environments that answer, by nothing but the root application.

: "${environments:?}" "${services:?}"

first_sync() {
  local environment
  within "all applications are synced and healthy, with all copies, from an empty cluster" settled
  for environment in "${environments[@]}"; do
    check "$environment answers 0.1.0 over HTTP" answers "$environment" 0.1.0 "${services[@]}"
    check "$environment runs the digests that git names, and no other" runs_what_git_says "$environment"
    check "$environment was called by its smoke test, and passed" smoke_passed "$environment"
  done
}

runs_what_git_says() {
  local service image images
  for service in "${services[@]}"; do
    image=$(in_clone show "origin/main:environments/$1/$service/kustomization.yaml" | sed -n 's/^ *digest: *\([^ ]*\).*/\1/p')
    images=$(kube --namespace "$1" get pods --selector "app.kubernetes.io/name=$service" --output 'jsonpath={range .items[*]}{.spec.containers[0].image}{"\n"}{end}')
    echo "$service: $image, pods: $images"
    [[ $image == sha256:* && -n $images ]] || return 1
    if grep -vq "@$image$" <<<"$images"; then return 1; fi
  done
}

# Argo CD keeps what its hooks came to.
smoke_passed() {
  local told
  told=$(application "api-$1" '{range .status.operationState.syncResult.resources[?(@.hookType=="PostSync")]}{.kind} {.name} {.hookPhase}{"\n"}{end}')
  echo "$told" && grep -q 'Job .*smoke.* Succeeded' <<<"$told"
}
