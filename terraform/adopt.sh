#!/usr/bin/env bash
# adopt.sh REPO REGISTRY: rewrites every name of this repository for a fork; running it again changes nothing.
#   make adopt REPO=https://github.com/owner/name REGISTRY=ghcr.io/owner
set -euo pipefail
cd "$(dirname "$0")/.."
. terraform/stack.sh

# named WHAT: what the repository is called now, in the one place that says it.
named() {
  case $1 in
    url) sed -n 's|^  url: \(.*\)\.git$|\1|p' argocd/repository/repository.yaml ;;
    registry) sed -n 's|^ *newName: \(.*\)/api\( .*\)\{0,1\}$|\1|p' environments/dev/api/kustomization.yaml ;;
  esac
}

# literal TEXT: for the left side of sed's s|||.
literal() { printf '%s' "$1" | sed 's/[][\.*^$|]/\\&/g'; }

[[ $# -eq 2 && $1 =~ ^https://[^/]+/[^/]+/[A-Za-z0-9._-]+$ && $2 =~ ^[a-z0-9.:-]+(/[a-z0-9._/-]+)?$ ]] ||
  die "usage: make adopt REPO=https://github.com/owner/name REGISTRY=ghcr.io/owner"
new=${1%.git} registry=${2%/}
old=$(named url) pulled=$(named registry)
[[ -n $old && -n $pulled ]] || die "argocd/repository/repository.yaml or environments/dev/api names nothing"
[[ $old != "$new" || $pulled != "$registry" ]] || { echo "it is $new, with images in $registry, already" && exit 0; }

host=${old%/*} team=${old%/*} now=${new%/*}
team=${team##*/} now=${now##*/}
edits=(
  -e "s|$(literal "$host")/promoter\\([/\"]\\)|$new\\1|g"
  -e "s|$(literal "$old")\\(\\.git\\)\\{0,1\\}\\([^A-Za-z0-9_-]\\)|$new\\1\\2|g"
  -e "s|$(literal "$old")\\(\\.git\\)\\{0,1\\}\$|$new\\1|"
  -e "s|$(literal "$host")\\([^A-Za-z0-9_-]\\)|${new%/*}\\1|g" -e "s|$(literal "$host")\$|${new%/*}|"
  -e "s|@$(literal "$team")/|@$now/|g"
  -e "s|$(literal "$pulled")/|$registry/|g"
)
while read -r -d '' file; do
  if sed "${edits[@]}" "$file" | cmp -s - "$file"; then continue; fi
  sed -i.old "${edits[@]}" "$file" && rm "$file.old"
  echo "$file"
done < <(git grep -zlI --untracked -e "$host" -e "@$team/" -e "$pulled/")
