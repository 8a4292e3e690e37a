# shellcheck shell=bash
# The account: a bucket for states and roles for CI; then a state is kept in a bucket, and locked while it is written.

: "${work:?}" "${here:?}"

# One part of a stack, by the same function as `make up` uses. In a bucket without a policy:
# the stand-in takes no notice of conditions, and so the bucket that denies calls without TLS denies all.
remote() (
  export TF_STATE_BUCKET=states
  cd "$work" || return
  . terraform/stack.sh
  init fargate
  terraform -chdir=terraform/fargate "$1" -input=false -auto-approve -no-color -target=module.registry \
    -var owner=proof -var expires=2099-12-31 -var 'budget_emails=["proof@example.org"]' \
    -var "digests={api=\"sha256:$(printf '%064d' 1)\",auth=\"sha256:$(printf '%064d' 1)\"}" >"$work/remote.log" 2>&1 ||
    { cat "$work/remote.log" && return 1; }
)

kept() { aws s3api list-objects-v2 --bucket states --query 'Contents[].Key' --output text; }

given '{"owner": "proof", "repository": "example/app", "force_destroy": true}'
step "it applies" applied
step "the plan is empty" settled
aws s3api create-bucket --bucket states --create-bucket-configuration LocationConstraint=eu-central-1 >/dev/null
step "a stack keeps its state in a bucket" remote apply
step "the state is there, and its lock is gone" is fargate.tfstate kept
step "the stack is destroyed from there" remote destroy
ended
