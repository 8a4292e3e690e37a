#!/usr/bin/env bash
# apply.sh OWNER/NAME: makes a repository's settings those of this folder, by `gh`; twice is the same as once.
# PROMOTER_APP_ID, the number of the App, is needed; other variables and secrets of docs/setup.md are set where given.
set -euo pipefail
here=$(dirname "$0")
api=repos/$1
: "${PROMOTER_APP_ID:?the number of the GitHub App that pushes for promoter}"

put() { gh api --silent --method "$1" "$api$2" --input "${3:--}"; }

# The App is the only one whom rules let pass, where they let anybody pass.
ruleset() {
  local body id method=POST
  body=$(jq --argjson app "$PROMOTER_APP_ID" '.bypass_actors[].actor_id = $app' "$1")
  id=$(gh api --paginate "$api/rulesets" --jq ".[] | select(.name == \"$(basename "$1" .json)\") | .id")
  if [[ -n $id ]]; then method=PUT; fi
  put "$method" "/rulesets${id:+/$id}" <<<"$body"
}

# environment NAME POLICY: open to one branch, or to one kind of tags, and nobody passes by it.
environment() {
  put PUT "/environments/$1" <<<'{"deployment_branch_policy": {"protected_branches": false, "custom_branch_policies": true}}'
  local there
  there=$(gh api "$api/environments/$1/deployment-branch-policies" --jq '.branch_policies[].name')
  if ! grep -qxF "$(jq -r .name <<<"$2")" <<<"$there"; then
    put POST "/environments/$1/deployment-branch-policies" <<<"$2"
  fi
}

variable() { if [[ -n ${!1:-} ]]; then gh variable set "$1" --repo "${api#repos/}" --body "${!1}"; fi; }

# secret NAME ENVIRONMENT: its value is in the file that NAME_FILE names; gh encrypts it before it is sent.
secret() {
  local file=$1_FILE
  if [[ -n ${!file:-} ]]; then gh secret set "$1" --repo "${api#repos/}" --env "$2" <"${!file}"; fi
}

put PATCH "" "$here/repository.json"
for file in "$here"/actions/*.json; do
  name=$(basename "$file" .json)
  path=/actions/${name/permissions-/permissions/}
  put PUT "$path" "$file"
done
for file in "$here"/rulesets/*.json; do ruleset "$file"; done
while read -r name policy; do environment "$name" "$policy"; done < <(jq -r 'to_entries[] | "\(.key) \(.value | tojson)"' "$here/environments.json")
for name in PROMOTER_APP_CLIENT_ID REGISTRY REGISTRY_USER AWS_REGION AWS_PLAN_ROLE AWS_APPLY_ROLE AWS_PERMISSIONS_BOUNDARY \
  TF_STATE_BUCKET BUDGET_EMAIL STACK_EXPIRES; do variable "$name"; done
secret PROMOTER_APP_PRIVATE_KEY promotion
