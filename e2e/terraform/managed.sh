# shellcheck shell=bash
# Fargate with managed stores, without a way to the internet, and with a role that is there.

: "${work:?}" "${here:?}"

secret() { aws secretsmanager get-secret-value --secret-id "app-fargate/$1" --query SecretString --output text; }

# The password is where it belongs, and nowhere else.
hidden() {
  local password
  password=$(secret postgres-password)
  [[ ${#password} -eq 32 && $(secret database-url) == "postgres://app:$password@"*":5432/app?sslmode=require" ]] ||
    { echo "no address with the password" && return 1; }
  ! grep -qF "$password" "$here/terraform.tfstate" "$work/apply.log"
}

gateways() { aws ec2 describe-nat-gateways --query 'length(NatGateways)' --output text; }
endpoints() { aws ec2 describe-vpc-endpoints --query 'length(VpcEndpoints)' --output text; }

aws iam create-role --role-name ecsTaskExecutionRole --assume-role-policy-document '{}' >/dev/null
given '{"owner": "proof", "expires": "2099-12-31", "budget_emails": ["proof@example.org"],
  "data_store": "managed", "egress": "endpoints", "execution_role_name": "ecsTaskExecutionRole"}'
given "$(jq -n --arg digest "sha256:$(printf '%064d' 1)" '{digests: {api: $digest, auth: $digest}}')"
step "managed stores and endpoints apply" applied
step "the plan is empty" settled
step "the password is in the secrets, not in the state" hidden
step "there is no NAT gateway" is 0 gateways
step "five endpoints are there" is 5 endpoints
ended
