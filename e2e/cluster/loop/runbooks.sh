# shellcheck shell=bash
# The blocks of docs/operations.md that say so, run as they stand; read them before you add one that changes something.

: "${run:?}"

runbooks() {
  local block number=0 folder=$run/runbooks
  rm -rf "$folder" && mkdir "$folder"
  blocks_of docs/operations.md "$folder"
  for block in "$folder"/*.sh; do
    number=$((number + 1))
    check "the page of operations, block $number: $(head -n 1 "$block" | cut -c 1-60)" block_runs "$block"
  done
  check "a block that fails is found" refuses block_runs <(echo 'kubectl --namespace prod get nothing')
}

# blocks_of PAGE FOLDER: each marked block as a file, numbered.
blocks_of() {
  awk -v folder="$2" '
    /^<!-- run by: e2e\/cluster.sh runbooks -->$/ { marked = 1; next }
    marked && /^```sh$/ { inside = 1; marked = 0; file = sprintf("%s/%02d.sh", folder, ++count); next }
    /^```$/ { inside = 0 }
    inside { print >file }' "$1"
}

# As a person would type it, line by line until one fails.
block_runs() (
  kubectl() { kube "$@"; }
  cd "$run/runbooks" || exit
  while read -r line; do
    eval "$line" || exit
  done <"$1"
)
