# shellcheck shell=bash
# What the loop starts from: what up.sh has published, and the root application.

: "${run:?}" "${environments:?}"

start_state() {
  : >"$run/times"
  if [[ -f $run/root.yaml ]]; then back_to_start; else begin; fi
}

begin() {
  (cd "$run/clone" && kustomize build argocd) >"$run/root.yaml"
  kube apply --server-side --force-conflicts --filename "$run/root.yaml" >/dev/null
}

# A further run, on what an earlier one has left.
back_to_start() {
  local environment
  pull
  in_clone rm -r --quiet --ignore-unmatch .promoter environments
  in_clone checkout start -- environments promoter.yaml
  in_clone diff --cached --quiet || in_clone commit --quiet --message "environments: what this cluster ran at first"
  in_clone push --quiet
  for environment in "${environments[@]}"; do promoter wait "$environment" --timeout 5m >/dev/null || return 1; done
}

pull() { in_clone pull --quiet --ff-only; }
