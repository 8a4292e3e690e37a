# shellcheck shell=bash
# What other programs say of the rendered manifests; each function succeeds or says what is wrong.

# What kube-score asks for and is not wanted here.
unwanted=(
  container-image-pull-policy                # versions are tags that never move, and digests
  container-ephemeral-storage-request-and-limit # the volumes have limits, and some nodes do not count it
  container-security-context-user-group-id   # Postgres and Redis run as the users of their images
  deployment-has-host-podantiaffinity        # copies are spread by topology instead
  statefulset-has-host-podantiaffinity       # there is one copy
  statefulset-has-poddisruptionbudget        # there is one copy
  statefulset-has-servicename                # its one pod needs no name of its own
)
# Nor where one copy is meant.
unwanted_alone=(deployment-replicas deployment-has-poddisruptionbudget deployment-strategy)

# conform VERSION FILE...: every field is known to that Kubernetes, and of the right type.
conform() {
  kubeconform -strict -summary \
    -schema-location ".tools/manifests/schemas/$1/{{.ResourceKind}}-{{.Group}}-{{.ResourceAPIVersion}}.json" "${@:2}"
}

# scored VERSION FILE...: kube-score has nothing against them.
scored() {
  local said
  said=$(kube-score score --kubernetes-version "v$1" --output-format ci "${unwanted[@]/#/--ignore-test=}" "${@:2}" || true)
  [[ $said == *'[OK]'* ]] || { echo "$said" && return 1; }
  ! grep -E '^\[(CRITICAL|WARNING)\]' <<<"$said"
}

scored_alone() {
  local unwanted=("${unwanted[@]}" "${unwanted_alone[@]}")
  scored "$@"
}

# same FOLDER: kubectl's Kustomize, whatever its version, builds what kustomize builds.
same() {
  diff <(kustomize build "$1") <(kubectl kustomize "$1")
}
