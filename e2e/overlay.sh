# shellcheck shell=bash
# What must hold for one overlay folder; each function succeeds or says what is wrong.

# Takes each line away, with what hangs below it: the build must break or come out different.
differs() {
  local copy repeated
  copy=$(mktemp -d) && cp -R kustomize environments "$copy"
  repeated=$(repetitions "$1" "$copy")
  rm -rf "$copy"
  [[ -z $repeated ]] || { echo "$repeated" && return 1; }
}

# repetitions OVERLAY COPY: the lines without which the overlay, in a copy of the tree, builds the same.
repetitions() {
  local file=$1/kustomization.yaml built line text
  built=$(kustomize build "$1")
  while IFS=: read -r line text; do
    without "$line" "$file" >"$2/$file"
    [[ $(kustomize build "$2/$1" 2>/dev/null) != "$built" ]] || echo "$file:$line: $text"
  done < <(grep -nvE '^ *(#|$)|^(apiVersion|kind):' "$file")
}

# without LINE FILE: the file less that line and the deeper ones that follow it.
without() {
  awk -v at="$1" '
    { match($0, /^ */); depth = RLENGTH }
    NR == at { from = depth; cutting = 1; next }
    cutting && (depth > from || /^ *$/) { next }
    { cutting = 0; print }' "$2"
}
