#!/usr/bin/env bash
# parts.sh BASE HEAD: which jobs a change orders, one `job=true` or `job=false` a line.
# A file of no known kind orders all tests. A plan of the cloud needs PLAN_ROLE, and is not for forks (FORK=true).
set -euo pipefail

# A branch that was just made has no commit before: then everything is new.
changed() {
  if git cat-file -e "$1^{commit}" 2>/dev/null; then
    git diff --name-only --no-renames "$1...$2"
  else
    git ls-tree -r --name-only "$2"
  fi
}

code=false app=false manifests=false terraform=false stores=
while read -r file; do
  case $file in
    environments/* | .promoter/*) manifests=true ;;
    terraform/*) code=true terraform=true ;;
    app/docker/postgres/* | app/docker/redis/*) code=true manifests=true stores+=" $(cut -d / -f 3 <<<"$file")" ;;
    app/* | Cargo.* | rust-toolchain.toml) code=true app=true manifests=true ;;
    *) code=true manifests=true terraform=true ;;
  esac
done < <(changed "$1" "$2")

plan=$terraform
if [[ ${FORK:-false} == true || -z ${PLAN_ROLE:-} ]]; then plan=false; fi
printf '%s\n' "unit=$code" "lint=$code" "tests=$code" "toolchains=$code" "services=$code" \
  "manifests=$manifests" "terraform=$terraform" "plan=$plan"

# A new build of a store restarts it in every environment that it reaches: it is made when the store itself changes.
if $app; then stores="api auth$stores"; fi
built=$(tr ' ' '\n' <<<"$stores" | sort -u | xargs)
printf '%s\n' "images=$([[ -n $built ]] && echo true || echo false)" "built=$built"
