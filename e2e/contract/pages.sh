# shellcheck shell=bash
# The page under /docs: what it loads, and what a browser makes of it; sourced by contract.sh.

: "${work:?}"

# How a page names what the browser shall load; of JavaScript also what it would write into a page.
elsewhere="(src|href)=[\"']?(https?:)?//|(src|href):\"(https?:)?//|url\\([\"']?(https?:)?//|@import"

# The page of a service and what it loads: each is there, and none names another place.
loads_nothing_else() {
  local assets asset found=0
  assets=$(curl -sSf "$1/docs/" | grep -oE '(src|href)="[^"]*"' | cut -d '"' -f 2 | grep -v '^data:')
  [[ $(wc -l <<<"$assets") -ge 3 ]] || { echo "the page loads: $assets" && return 1; }
  for asset in '' $assets; do
    curl -sSf --compressed -o "$work/asset" "$1/docs/$asset" || return 1
    names_elsewhere "$work/asset" && echo "in $1/docs/$asset" && found=1
  done
  return "$found"
}

names_elsewhere() {
  grep -oE ".{0,40}($elsewhere).{0,60}" "$1"
}

# kept URL: a browser that has a file is sent no second copy, and each file, thus each build of it, has its own tag.
kept() {
  local asset tag tags=
  for asset in '' start.js swagger-ui.css; do
    tag=$(curl -sSf -o "$work/asset" -w '%header{etag}' "$1/docs/$asset")
    [[ $(curl -sS -o "$work/asset" -w '%{http_code}' -H "If-None-Match: $tag" "$1/docs/$asset") == 304 ]] || return 1
    tags+=$tag$'\n'
  done
  [[ $(sort -u <<<"${tags%?}" | wc -l) -eq 3 ]] || { echo "$tags" && return 1; }
}

# browse SERVICE URL OPERATION TEXT: the page in a browser; the operation, tried out, answers with the text.
browse() {
  if ! node e2e/contract/browse.mjs "$@"; then failed; fi
}
