#!/usr/bin/env bash
# A fork's names: none of the old ones is left, nothing else changes, and doing it twice is doing it once.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/check.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$work"
cd "$work"
git init --quiet
git add --all
git -c user.name=Ada -c user.email=ada@example.com commit --quiet --message before

adopted() { terraform/adopt.sh "$@" >"$work/.git/adopted"; }

# Whoever forks looks for these.
without_old_names() { ! git grep -nI -e 'ghcr\.io/example' -e 'github\.com/example' -e '@example/'; }

# As many lines as before, and nothing but names in those that differ.
changes_names_alone() {
  git diff --numstat | awk '$1 != $2 { print; bad = 1 } END { exit bad }'
  git diff --unified=0 | grep '^+[^+]' | grep -vE 'registry\.example\.org/team|git\.example\.org/team/fork|git\.example\.org/team|@team/' | grep . && return 1
  return 0
}

pulls_from() { [[ $(kustomize build "environments/$1/api") == *"image: registry.example.org/team/api:"* ]]; }
unchanged() { git add --all && adopted "$@" && git diff --quiet; }

check "a fork is adopted" adopted https://git.example.org/team/fork registry.example.org/team
check "no old name is left" without_old_names
check "only names change" changes_names_alone
for environment in dev staging prod; do
  check "$environment pulls from the fork's registry" pulls_from "$environment"
done
check "Argo CD reads the fork" grep -qx '  url: https://git.example.org/team/fork.git' argocd/repository/repository.yaml
check "a second time changes nothing" unchanged https://git.example.org/team/fork registry.example.org/team
check "a repository that is no address is refused" refuses adopted fork registry.example.org/team

# kind and kubectl are not everywhere, and a cluster pulls from the internet: two that only write down what they are asked.
mkdir "$work/.git/bin"
for name in kind kubectl; do
  printf '#!/bin/sh\necho "%s $*" >>"%s"\n' "$name" "$work/.git/asked" >"$work/.git/bin/$name"
  chmod +x "$work/.git/bin/$name"
done
by_kind() { PATH=$work/.git/bin:$PATH REPO=$1 e2e/cluster/kind.sh up; }
installed() { grep -x 'kind create cluster --name promoter --wait 5m' "$work/.git/asked" && grep -x 'kubectl apply --server-side -k argocd' "$work/.git/asked"; }

check "a cluster by kind is made for the fork" by_kind https://git.example.org/team/fork
check "Argo CD and the root application enter it" installed
check "a fork that this clone does not belong to is refused" refuses by_kind https://git.example.org/team/other
git reset --quiet --hard
check "the check finds an old name" refuses without_old_names
report
