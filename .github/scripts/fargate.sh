#!/usr/bin/env bash
# fargate.sh ENVIRONMENT: the stack on Fargate runs what git says of the environment.
# Images come from REGISTRY by digest, nothing is built; the plan afterwards must be empty.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
. terraform/stack.sh
: "${REGISTRY:?}"
said=terraform/fargate/digests.auto.tfvars.json

tf() { terraform -chdir=terraform/fargate "$@"; }

# bring SERVICE: its image, for all platforms and with the same digest; tags there never move, so a second time is none.
bring() {
  local digest to
  digest=$(jq -r ".digests.$1" "$said")
  to=$(output fargate registry_urls ".$1"):${digest:7:12}
  if skopeo inspect --raw "docker://$to" >/dev/null 2>&1; then return; fi
  skopeo copy --quiet --all --preserve-digests "docker://$REGISTRY/$1@$digest" "docker://$to"
}

settings fargate
init fargate
terraform/digests.sh "$1" >"$said"
tf apply -input=false -auto-approve -target=module.registry
registry=$(output fargate registry_urls .api)
aws ecr get-login-password | .github/scripts/login.sh "$registry" AWS
bring api
bring auth
tf apply -input=false -auto-approve
tf plan -input=false -detailed-exitcode || die "the plan after the apply is not empty"
