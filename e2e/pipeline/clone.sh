# shellcheck shell=bash
# A scratch clone of this repository with a bare remote, and changes to it; sourced by pipeline.sh.

: "${work:?}" "${root:?}" "${promoter:?}"

# The remote holds what is committed here. Its prod asks for digests, and its versions are those that stories begin with.
lay_remote() {
  isolate "$work"
  git init --quiet --bare "$work/origin.git"
  git clone --quiet "file://$root" "$work/clone"
  cd "$work/clone" || return
  git remote set-url origin "$work/origin.git"
  git checkout --quiet -B main
  start_at_one_version environments
  git commit --quiet --allow-empty --all --message "environments: api and auth 0.1.0"
  rules open
  keep_tools
}

# The tools that are installed here, and a promoter as the pipeline's cache would bring it.
keep_tools() {
  local tool
  mkdir -p .tools/promoter/bin
  for tool in "$root"/.tools/*; do
    [[ $tool == */promoter ]] || ln -s "$tool" .tools/
  done
  cp "$promoter" .tools/promoter/bin/promoter
  .github/scripts/promoter.sh key HEAD | sed 's/.*-\(.*-.*\)$/\1/' >.tools/promoter/key
}

# rules open|frozen: what main's promoter.yaml asks of prod.
rules() {
  local from=2000-01-01T00:00Z until=2000-01-02T00:00Z
  if [[ $1 == frozen ]]; then
    from=$(date -u -d '1 hour ago' +%FT%H:%MZ) until=$(date -u -d '1 hour' +%FT%H:%MZ)
  fi
  sed "/^    from: staging/a\\    gates: { images: { pinned: true }, freeze: [{ start: $from, end: $until, reason: the fair }] }" \
    "$root/promoter.yaml" >promoter.yaml
  git commit --quiet --allow-empty --all --message "promoter.yaml: prod is $1"
  git push --quiet --force --set-upstream origin main
}

# change NAME COMMAND...: a branch off main on which the command edits files, committed.
change() {
  git checkout --quiet -B "$1" main
  "${@:2}"
  git commit --quiet --all --allow-empty --message "$1"
}

# released VERSION ENVIRONMENT...: main has this version of api there, by digest.
released() {
  local environment
  git checkout --quiet main
  for environment in "${@:2}"; do
    edit_version "$environment" "$1"
  done
  git commit --quiet --all --message "${*:2}: api $1"
  git push --quiet origin main
}

# edit_version ENVIRONMENT VERSION: as a person would, with the digest of nothing in particular.
edit_version() {
  sed -i -e "/^ *digest:/d" -e "s/^\( *\)newTag:.*/\1newTag: \"$2\"\n\1digest: sha256:$(printf %064d 1)/" \
    "environments/$1/api/kustomization.yaml"
}
