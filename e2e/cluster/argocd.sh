# shellcheck shell=bash
# Argo CD as argocd/install has it, with images from the loop's registry, and without what asks for the internet.

: "${run:?place.sh comes first}" "${bin:?}" "${registry:?}" "${cluster:?}"

install_argocd() {
  local version
  version=$(argocd_version)
  installation "$version"
  kube create namespace argocd >/dev/null
  kube apply --server-side --force-conflicts --filename "$run/argocd.secrets.yaml" >/dev/null
  kube apply --server-side --force-conflicts --kustomize "$run/argocd" >/dev/null
}

push_argocd() {
  for name in argocd argocd-redis; do push "$name" "$(argocd_version)" || return 1; done
}

await_argocd() {
  eventually 120 "all of Argo CD is ready" argocd_is_ready
  echo "$(address argocd argocd-server):80" >"$run/argocd.address"
  printf 'http://%s/api/webhook\n' "$(argocd_address)" "$(address argocd argocd-applicationset-controller):7000" >"$run/webhooks"
  eventually 20 "Argo CD lets in" log_in # its address leads to it a moment after it is ready
  argocd account generate-token --account promoter >"$run/secrets/argocd.token"
}

argocd_address() { cat "$run/argocd.address"; }

# installation VERSION: a folder that builds to what is applied, and the secrets beside it.
installation() {
  rm -rf "$run/argocd" && mkdir -p "$run/argocd"
  cp -R argocd/install "$run/argocd/install"
  cp "$cluster/argocd/$1.yaml" "$run/argocd/install/install.yaml"
  sed -i 's|https://.*/install.yaml|install.yaml|' "$run/argocd/install/kustomization.yaml"
  version=$1 settings argocd/kustomization.yaml
  hashed=$(hashed "$run/secrets/argocd") webhook=$(cat "$run/secrets/webhook") git_password=$(cat "$run/secrets/git-argocd") \
    settings argocd.secrets.yaml
}

argocd_is_ready() {
  kube --namespace argocd rollout status --timeout=1s deployment/argocd-server deployment/argocd-repo-server \
    deployment/argocd-applicationset-controller deployment/argocd-redis statefulset/argocd-application-controller
}

argocd() { HOME=$run/home inside "$bin/argocd" "$@"; }

log_in() {
  argocd login "$(argocd_address)" --plaintext --username admin --password "$(cat "$run/secrets/argocd")" >/dev/null
}
