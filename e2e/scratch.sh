# shellcheck shell=bash
# A scratch clone with a bare remote of its own, where the days and the people are always the same.

# scratch DIR: makes DIR/origin.git from the overlays of this repository, and DIR/clone.
scratch() {
  isolate "$1"
  git init --quiet --bare "$1/origin.git"
  git init --quiet "$1/seed"
  cp -R promoter.yaml kustomize environments "$1/seed"
  start_at_one_version "$1/seed/environments"
  at_hour 0
  git -C "$1/seed" add --all
  git -C "$1/seed" commit --quiet --message "environments: api and auth 0.1.0"
  git -C "$1/seed" push --quiet "$1/origin.git" main
  git clone --quiet "$1/origin.git" "$1/clone"
}

# Nothing of the user's own git settings reaches the scratch clone, nor the other way round.
isolate() {
  mkdir "$1/home"
  export HOME=$1/home GIT_CONFIG_NOSYSTEM=1 GIT_PAGER=cat TZ=UTC
  export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com
  export GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com
  git config --global init.defaultBranch main
}

# The overlays of this repository move on; the tour begins where they began.
start_at_one_version() {
  local file
  for file in "$1"/*/*/kustomization.yaml; do
    sed -e '/^ *digest:/d' -e 's/newTag: "[^"]*"/newTag: "0.1.0"/' "$file" >"$file.new"
    mv "$file.new" "$file"
  done
}

# at_hour N: commits are made N hours after the tour began, which was three days ago.
at_hour() {
  export GIT_AUTHOR_DATE="$(($(date +%s) - 3 * 86400 + $1 * 3600)) +0000"
  export GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
}
