# shellcheck shell=bash
# What Kustomize builds is what Argo CD applies and what the API server admits, also of what no environment here switches on.

: "${run:?}"

rendering() {
  local folder
  . e2e/manifests/tools.sh
  need_manifests_python
  log_in
  for folder in environments/*/*; do
    check "Argo CD renders $folder as Kustomize does" renders_the_same "$folder"
  done
  for folder in environments/*/* e2e/manifests/variants/embedded/*; do
    check "the API server admits $folder where pods are restricted" admitted "$folder"
  done
  check "a pod that may be root is not admitted" root_is_refused
}

# renders_the_same environments/ENVIRONMENT/SERVICE, at the clone's commit.
renders_the_same() {
  local environment service
  IFS=/ read -r _ environment service <<<"$1"
  kustomize build "$run/clone/$1" >"$run/kustomize.yaml" || return 1
  argocd app manifests "$service-$environment" --source git --revision "$(git -C "$run/clone" rev-parse HEAD)" >"$run/rendered.yaml" || return 1
  "$manifests_python" e2e/manifests same "$run/kustomize.yaml" "$run/rendered.yaml"
}

# In a namespace that enforces restricted pods and has none of its own, so that nothing is there already.
admitted() {
  kustomize build "$1" | sed 's/^  namespace: .*/  namespace: local-secrets/' >"$run/admitted.yaml"
  kube create --dry-run=server --filename - <"$run/admitted.yaml"
}

# Of a Deployment the API server only warns; of a pod it does not admit it.
root_is_refused() {
  refuses kube --namespace local-secrets run root --image root --dry-run=server
}
