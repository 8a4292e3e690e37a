# shellcheck shell=bash
# What becomes of what was merged, and of promotions that people ask for; sourced by pipeline.sh.

: "${work:?}" "${root:?}" "${python:?}" "${registry:?}" "${cosign:?}"
at_dev=environments/dev/api/kustomization.yaml

# run_workflow NAME EVENT JOB...: as a push to main, or as a person's order with these inputs.
run_workflow() {
  jq -n --argjson event "$2" --arg sha "$(git rev-parse HEAD)" --arg workspace "$PWD" --arg registry "$registry/example" '{
    vars: {REGISTRY: $registry, REGISTRY_USER: "ci", PROMOTER_APP_CLIENT_ID: "Iv1.0"},
    secrets: {REGISTRY_PASSWORD: "hushed", PROMOTER_APP_PRIVATE_KEY: "key"}, inputs: $event,
    actions: {"actions/checkout": {}, "actions/cache": {}, "sigstore/cosign-installer": {},
      "actions/create-github-app-token": {token: "asked-for-token"}},
    github: {sha: $sha, workspace: $workspace, ref: "refs/heads/main", token: "none", actor: "ada",
      server_url: "https://github.com", repository: "example/app", event: $event}}' >"$work/context"
  "$python" "$root/e2e/pipeline/workflow.py" ".github/workflows/$1.yaml" "$work/context" "${@:3}"
}

merge_to_main() {
  before=$(git rev-parse HEAD)
  sed -i '1s/$/ Merged./' app/src/message.rs
  git commit --quiet --all --message "app: say that it was merged"
  git push --quiet origin main
}

pushed() { run_workflow main "{\"before\": \"$before\"}" parts images bump; }

digest() { skopeo inspect --raw "docker://$registry/example/api:$1" | sha256sum | cut -d ' ' -f 1; }

# dev names the image that the registry holds, for two platforms, under the number of the commit.
dev_runs_it() {
  local tag
  git pull --quiet
  tag=$(sed -n 's/ *newTag: "\(.*\)".*/\1/p' "$at_dev")
  grep -q "digest: .*sha256:$(digest "$tag")" "$at_dev" || { cat "$at_dev" && return 1; }
  skopeo inspect --raw "docker://$registry/example/api:$tag" | jq -e '[.manifests[].platform.architecture] == ["amd64", "arm64"]'
  git log -1 --format=%s | grep -x "bump dev: api $tag, auth $tag"
}

# What is signed is the digest that dev names, of both services.
signed() { [[ $(grep -c "^cosign sign --yes --recursive $registry/example/[a-z]*@sha256:" "$GH_LOG") -eq 2 ]]; }
listed() { [[ $(grep -c '^cosign attest --yes --type cyclonedx --predicate .*sbom.cdx.json' "$GH_LOG") -eq 2 ]]; }

# The bump is a push to main too; nothing comes of it.
bump_orders_nothing() {
  before=$(git rev-parse HEAD~1)
  pushed | tail -n 1 | jq -e '. == {parts: "success", images: "skipped", bump: "skipped"}'
}

# The same commit once more: the same digests, and nothing for dev to take in.
again() {
  git checkout --quiet --detach HEAD~1
  local version
  version=$(REGISTRY=$registry/example .github/scripts/images.sh api)
  git checkout --quiet main
  [[ $version == versions=api=0.*@sha256:* ]] && grep "digest: .*${version##*@}" "$at_dev"
}

# git asks the script for a name and for the token, which is in no file.
asks_for_token() {
  printf 'protocol=https\nhost=github.com\n\n' |
    GITHUB_TOKEN=asked-for-token GIT_ASKPASS=$PWD/.github/scripts/askpass.sh git credential fill | grep -x 'password=asked-for-token'
  ! git grep -q asked-for-token -- ':!e2e'
}

# A pull request for prod, refreshed by a second order.
asked() {
  git config --local "url.$work/origin.git.insteadOf" https://github.com/example/app.git
  git remote set-url origin https://github.com/example/app.git
  run_workflow promote '{"from": "dev", "to": "staging", "services": "api"}' promote || return 1
  git ls-remote --exit-code origin refs/heads/promote/staging
}

judged_anew() {
  echo "$1" >"$work/forge/conclusion"
  : >"$work/forge/requests"
  git fetch --quiet origin
  PROMOTER_OFFLINE=1 .github/scripts/recheck.sh | tee "$work/verdicts"
  grep -q "promote/staging: $1 -> success" "$work/verdicts"
  [[ $(grep -c '/actions/jobs/7/rerun' "$work/forge/requests") -eq $2 ]]
}

settings() { PROMOTER_APP_ID=42 REGISTRY=ghcr.io/acme PROMOTER_APP_PRIVATE_KEY_FILE=LICENSE .github/settings/apply.sh example/app; }
settings_told() { grep -c '"method": "POST", "path": "/repos/example/app/rulesets"' "$work/forge/requests" | grep -x 2; }
described() { "$python" "$root/e2e/pipeline/contract.py" "$work/forge/requests" "$root/.tools/github/api.github.com.json"; }

# Terraform and AWS are stood in for; that the digest of dev comes into the other registry is seen there.
redeployed() {
  : >"$GH_LOG"
  OWNER=ada EMAIL=ada@example.com EXPIRES=2099-12-31 REGISTRY=$registry/example SCRATCH_REGISTRY=$registry .github/scripts/fargate.sh dev || return 1
  local digest
  digest=$(sed -n 's/.*digest: "\{0,1\}sha256:\([0-9a-f]*\).*/\1/p' "$at_dev")
  skopeo inspect --raw "docker://$registry/fargate/api:${digest:0:12}" | sha256sum | grep "^$digest"
  diff <(grep -oE '^terraform (apply|plan).*(-target=module.registry|-auto-approve|-detailed-exitcode)$' "$GH_LOG") - <<'ORDER'
terraform apply -input=false -auto-approve -target=module.registry
terraform apply -input=false -auto-approve
terraform plan -input=false -detailed-exitcode
ORDER
}

planned() {
  : >"$GH_LOG"
  OWNER=ada EMAIL=ada@example.com EXPIRES=2099-12-31 .github/scripts/plan.sh fargate dev
  ! grep apply "$GH_LOG"
}

published() {
  mkdir -p dist && echo binary >dist/promoter.tar.gz
  .github/scripts/publish.sh sums && .github/scripts/publish.sh promoter-v0.1.0 && .github/scripts/publish.sh promoter-v0.1.0
  (cd dist && sha256sum --check SHA256SUMS)
  [[ $(grep -c '^gh release create promoter-v0.1.0' "$GH_LOG") -eq 1 ]]
}

# Files of another day and another owner make the same archive.
same_archive() {
  local copy
  for copy in one two; do
    mkdir -p "$work/$copy/promoter" && cp LICENSE "$work/$copy/promoter/" && touch -d "$RANDOM minutes ago" "$work/$copy/promoter/LICENSE"
    python3 .github/scripts/archive.py "$work/$copy/promoter" 1529729125
  done
  cmp "$work"/{one,two}/promoter.tar.gz
}

merge_to_main
check "what was merged becomes images, and they enter dev" pushed
check "dev names the digest that the registry holds, for both platforms" dev_runs_it
check "the registry gives nothing without a password" refuses curl -sSf "http://$registry/v2/example/api/tags/list"
if [[ $cosign == stand-in ]]; then
  check "each image would be signed by its digest" signed
  check "each image would be given the list of what is in it" listed
fi
check "a bump orders no images" bump_orders_nothing
check "the same commit makes the same images" again
check "Fargate is given the images of dev by digest, applied, and planned again" redeployed
check "a second time brings nothing twice" redeployed
check "a plan applies nothing" planned
check "the token is asked for, and kept nowhere" asks_for_token
check "an order to promote opens a pull request" asked
check "an order that is repeated changes nothing" asked
check "a verdict that changed runs the check again" judged_anew failure 1
check "a verdict that stands runs nothing" judged_anew success 0
check "requests to GitHub are as it describes them" described
: >"$work/forge/requests"
check "the settings are applied" settings
check "the settings are applied twice" settings
check "a ruleset that is there is changed, not made anew" settings_told
check "requests of the settings are as GitHub describes them" described
check "a release is made once, with checksums" published
check "the same files make the same archive" same_archive
sed -i 's/"enforcement": "active"/"enforcement": "lax"/' "$work/forge/requests"
check "a request that GitHub does not describe is found" refuses described
