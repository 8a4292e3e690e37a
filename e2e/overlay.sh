# shellcheck shell=bash
# What must hold for one overlay folder; each function succeeds or says what is wrong.

builds() {
  kustomize build "$1" >/dev/null
}

# One image, from a registry, by a tag that is not `latest` or by digest.
pins() {
  local images
  images=$(kustomize build "$1" | sed -n 's/^ *-\{0,1\} *image: *//p' | sort -u)
  echo "images: $images"
  [[ $(wc -l <<<"$images") -eq 1 ]] || return 1
  [[ $images == */*:* && $images != *:latest ]]
}

hardened() {
  local built line
  built=$(kustomize build "$1") || return 1
  for line in 'runAsNonRoot: true' 'readOnlyRootFilesystem: true' 'allowPrivilegeEscalation: false' \
    '- ALL' 'type: RuntimeDefault' 'automountServiceAccountToken: false' 'limits:' \
    'readinessProbe:' 'livenessProbe:' 'kind: NetworkPolicy'; do
    grep -qF -- "$line" <<<"$built" || { echo "no \`$line\`" && return 1; }
  done
}

# A disruption budget on one copy blocks the drain of its node for ever.
budgeted() {
  local built copies
  built=$(kustomize build "$1") || return 1
  copies=$(sed -n 's/^  \(replicas\|minReplicas\): *//p' <<<"$built")
  if grep -q '^kind: PodDisruptionBudget' <<<"$built"; then
    [[ ${copies:-1} -gt 1 ]]
  else
    [[ ${copies:-1} -eq 1 ]]
  fi
}

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
