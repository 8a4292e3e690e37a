# shellcheck shell=bash
# What up.sh, down.sh and leftovers.sh share; sourced from the root of the repository.

# Version 1 of the AWS command line knows the region by this name alone.
if [[ -n ${AWS_REGION:-} ]]; then export AWS_DEFAULT_REGION=$AWS_REGION; fi

die() { printf 'error: %s\n' "$*" >&2; exit 1; }
say() { printf '\n== %s\n' "$*"; }

# stack NAME: the folder of a stack that lives in AWS.
stack() {
  case ${1:-} in
    fargate | eks | account) echo "terraform/$1" ;;
    *) die "STACK must be local, fargate, eks or account" ;;
  esac
}

# settings STACK: what only the owner knows, asked for once and kept beside the stack, outside git.
settings() {
  local file=terraform/$1/settings.auto.tfvars.json
  [[ ! -e $file ]] || return 0
  : "${OWNER:?who is asked about it}"
  case $1 in
    account) jq -n --arg owner "$OWNER" --arg repository "${REPOSITORY:?owner/name}" '$ARGS.named' ;;
    fargate) expiring ;;
    eks) expiring | jq --arg clients "${API_CLIENTS:?addresses that reach the API server, as 203.0.113.7/32}" '.api_clients = ($clients | split(","))' ;;
  esac >"$file.new"
  mv "$file.new" "$file"
}

expiring() {
  jq -n --arg owner "$OWNER" --arg email "${EMAIL:?where the budget alarm goes}" \
    --arg expires "${EXPIRES:?the day after which nobody needs it, as 2026-12-31}" '{owner: $owner, budget_emails: [$email], expires: $expires}'
}

# init STACK: the state is in the bucket TF_STATE_BUCKET, or else in a file beside the stack.
init() {
  local backend=terraform/$1/backend_override.tf
  if [[ -z ${TF_STATE_BUCKET:-} ]]; then
    rm -f "$backend"
    terraform -chdir="terraform/$1" init -input=false -reconfigure >/dev/null
  else
    printf 'terraform {\n  backend "s3" {\n    key          = "%s.tfstate"\n    encrypt      = true\n    use_lockfile = true\n  }\n}\n' "$1" >"$backend"
    terraform -chdir="terraform/$1" init -input=false -reconfigure \
      -backend-config="bucket=$TF_STATE_BUCKET" -backend-config="region=${AWS_REGION:?}" >/dev/null
  fi
}

output() { terraform -chdir="terraform/$1" output -json "$2" | jq -r "${3:-.}"; }
