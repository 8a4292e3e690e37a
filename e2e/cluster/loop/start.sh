# shellcheck shell=bash
# What the loop starts from: the repository as it is in the working tree, 0.1.0 everywhere by digest, and the root application.

: "${run:?}" "${services:?}" "${git_url:?}" "${registry:?}" "${thawed:?}"

start_state() {
  : >"$run/times"
  for service in "${services[@]}" postgres redis; do push "$service" 0.1.0 || return 1; done
  if [[ -d $run/clone ]]; then back_to_start; else begin; fi
}

begin() {
  publish_repository
  in_clone tag start
  (cd "$run/clone" && kustomize build argocd) >"$run/root.yaml"
  kube apply --server-side --force-conflicts --filename "$run/root.yaml" >/dev/null
}

# A further run, on what an earlier one has left.
back_to_start() {
  pull
  in_clone rm -r --quiet --ignore-unmatch .promoter environments
  in_clone checkout start -- environments promoter.yaml
  in_clone diff --cached --quiet || in_clone commit --quiet --message "environments: what this cluster ran at first"
  in_clone push --quiet
}

# adopt FOLDER: the loop's registry and git server in the place of those that the repository names, and by digest what it pins by tag.
adopt() {
  local file service
  sed -i "s|url: .*|url: $git_url/app.git|" "$1/argocd/repository/repository.yaml"
  sed -i '/^  - platform$/d' "$1/argocd/kustomization.yaml" # asks for charts of the internet; addons.sh has what is needed of it
  for file in "$1"/environments/*/*/kustomization.yaml; do
    service=$(basename "$(dirname "$file")")
    sed -i "s|newName: [^ ]*/$service|newName: $registry/$service|; /newTag:/a\\    digest: $(digest "$service" 0.1.0)" "$file"
  done
  sed -i "s|^    from: .*|&\n    gates: $thawed|" "$1/promoter.yaml"
}

pull() { in_clone pull --quiet --ff-only; }
