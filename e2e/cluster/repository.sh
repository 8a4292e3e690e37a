# shellcheck shell=bash
# A git server that lets nobody in without a password, and the clone that people and CI work in.

: "${run:?place.sh comes first}" "${bin:?}" "${git_url:?}" "${node_ip:?}" "${registry:?}"

# What must hold before a version enters staging or prod.
gates='{ healthy: { argocd: true } }'

start_git_server() {
  mkdir -p "$run/git"
  : >"$run/webhooks" # nobody, until Argo CD is there
  printf 'ci %s pushes\nargocd %s reads\n' "$(cat "$run/secrets/git-ci")" "$(cat "$run/secrets/git-argocd")" >"$run/secrets/git.users"
  git init --quiet --bare --initial-branch main "$run/git/app.git"
  cp e2e/cluster/settings/post-receive "$run/git/app.git/hooks/"
  printf '%s ci:%s\n' "$git_url" "$(cat "$run/secrets/git-ci")" | sed 's|^\(http://\)\([^ ]*\) \(.*\)|\1\3@\2|' >"$run/home/.git-credentials"
  git_as_ci config --global credential.helper store
  git_as_ci config --global user.name Ada
  git_as_ci config --global user.email ada@example.com
  serve_git
}

serve_git() {
  spawn gitserver env WEBHOOK_SECRET="$run/secrets/webhook" REPOSITORY="$git_url/app" WEBHOOKS="$run/webhooks" \
    "$bin/gitserver" -address "$node_ip:3000" -root "$run/git" -users "$run/secrets/git.users"
  eventually 20 "git is served" git_as_ci ls-remote "$git_url/app.git"
}

# Nothing of the user's own settings reaches it.
as_ci() { HOME=$run/home GIT_CONFIG_NOSYSTEM=1 XDG_CONFIG_HOME=$run/home DOCKER_CONFIG=$run/docker inside "$@"; }
git_as_ci() { as_ci git "$@"; }
in_clone() { git_as_ci -C "$run/clone" "$@"; }

# The repository as it is in the working tree, made to pull from the loop's registry and to be read from the loop's git server.
publish_repository() {
  mkdir "$run/clone"
  git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --no-dereference --target-directory "$run/clone"
  in_clone init --quiet --initial-branch main
  in_clone remote add origin "$git_url/app.git"
  adopt "$run/clone"
  in_clone add --all
  in_clone commit --quiet --message "environments: what this cluster runs at first"
  in_clone push --quiet --set-upstream origin main
  in_clone tag start
}

first_release=(api auth postgres redis)
publish_first_release() {
  for name in "${first_release[@]}"; do push "$name" 0.1.0 || return 1; done
}

# adopt FOLDER: the loop's registry and git server in the place of those that the repository names, and by digest what it pins by tag.
adopt() {
  local service
  sed -i "s|url: .*|url: $git_url/app.git|" "$1/argocd/repository/repository.yaml"
  sed -i '/^  - platform$/d' "$1/argocd/kustomization.yaml" # asks for charts of the internet; addons.sh has what is needed of it
  for service in "${first_release[@]}"; do
    sed -i "s|newName: [^ ]*/$service|newName: $registry/$service|; /newTag:/a\\    digest: $(digest "$service" 0.1.0)" "$1"/environments/*/"$service"/kustomization.yaml
  done
  sed -i "s|^    from: .*|&\n    gates: $gates|" "$1/promoter.yaml"
}
