# shellcheck shell=bash
# GitHub's published schemas; sourced after contract/tools.sh.

: "${tools:?tools.sh comes first}"
openapi_version=23.0.2
openapi_sum=829b4bebb19a53133289f7b0bc819f4f1118115821db2ca9f25e9ee995a7da2a
graphql_schema_version=15.26.1
graphql_schema_sum=3c62d0526d133cee53221c89de9b455ade24db78b9e7ad56d642c4c15bce2654
schemas=$tools/github

# schema NAME PACKAGE VERSION FILE SUM: one file of a package, whose others are hundreds of megabytes.
schema() {
  if printf '%s  %s\n' "$5" "$schemas/$1" | sha256sum --check --status 2>/dev/null; then return; fi
  local work
  work=$(mktemp -d)
  npm pack --silent --pack-destination "$work" "$2@$3" >/dev/null
  mkdir -p "$schemas"
  tar -xzf "$work"/*.tgz -O "package/$4" >"$work/$1"
  printf '%s  %s\n' "$5" "$work/$1" | sha256sum --check --status || die "$2@$3 holds another $4 than expected"
  mv "$work/$1" "$schemas/$1"
  rm -r "$work"
}

need_github_schemas() {
  need_node
  need_packaged openssl
  schema api.github.com.json @octokit/openapi "$openapi_version" generated/api.github.com.json "$openapi_sum"
  schema schema.graphql @octokit/graphql-schema "$graphql_schema_version" schema.graphql "$graphql_schema_sum"
}
