# shellcheck shell=bash
# A scratch clone with a bare remote of its own, where the days and the people are always the same.

# scratch DIR COPY: makes DIR/clone, a clone of DIR/origin.git, which holds what COPY lays.
scratch() {
  isolate "$1"
  git init --quiet --bare "$1/origin.git"
  git init --quiet "$1/seed"
  "$2" "$1/seed"
  at_hour 0
  git -C "$1/seed" add --all
  git -C "$1/seed" commit --quiet --message "environments: api and auth 0.1.0"
  git -C "$1/seed" push --quiet "$1/origin.git" main
  git clone --quiet "$1/origin.git" "$1/clone"
}

# This repository's overlays of its two services; what they store data in is left out.
copy_overlays() {
  local environment
  cp -R promoter.yaml kustomize "$1"
  for environment in environments/*; do
    mkdir -p "$1/$environment"
    cp -R "$environment/api" "$environment/auth" "$1/$environment"
  done
  start_at_one_version "$1/environments"
}

# Those of staging and prod as apps/<service>/overlays/<stage or production>, as many teams have them.
copy_reshaped() {
  local service
  for service in api auth; do
    mkdir -p "$1/apps/$service/overlays"
    cp -R "kustomize/base/$service" "$1/apps/$service/base"
    cp -R "environments/staging/$service" "$1/apps/$service/overlays/stage"
    cp -R "environments/prod/$service" "$1/apps/$service/overlays/production"
  done
  start_at_one_version "$1/apps" -e 's|/\.\./kustomize/base/[a-z]*|/base|' -e '/^components:/,$d'
}

# Nothing of the user's own git settings reaches the scratch clone, nor the other way round.
isolate() {
  mkdir "$1/home"
  export HOME=$1/home GIT_CONFIG_NOSYSTEM=1 GIT_PAGER=cat TZ=UTC
  export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com
  export GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com
  git config --global init.defaultBranch main
}

# start_at_one_version FOLDER EDIT...: the overlays of this repository move on; a story begins where they began.
start_at_one_version() {
  local file
  find "$1" -name kustomization.yaml | while read -r file; do
    sed "${@:2}" -e '/^ *digest:/d' -e 's/newTag: "[^"]*"/newTag: "0.1.0"/' "$file" >"$file.new"
    mv "$file.new" "$file"
  done
}

# at_hour N: commits are made N hours after the story began, which was three days ago.
at_hour() {
  export GIT_AUTHOR_DATE="$(($(date +%s) - 3 * 86400 + $1 * 3600)) +0000"
  export GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
}
