# shellcheck shell=bash
# Fargate: up, unchanged, scaled, a new digest from git and back, down.

: "${work:?}" "${here:?}" "${services:?}"
fleet=$work/fleet/clone

digest() { printf 'sha256:%064d' "$1"; }

# A repository of overlays as this one's; dev is pinned.
fleet() {
  mkdir "$work/fleet"
  scratch "$work/fleet" copy_overlays
  bumped 1
}

# bumped N: dev gets the Nth build.
bumped() {
  (cd "$fleet" && promoter bump dev "api=0.$1.0@$(digest "$1")" "auth=0.$1.0@$(digest "$1")" >/dev/null)
}

reverted() {
  git -C "$fleet" revert --no-edit HEAD >/dev/null
}

# The stack takes what git says, and only from there.
taken() {
  local digests
  digests=$(cd "$fleet" && "$OLDPWD/terraform/digests.sh" dev)
  given "$digests"
}

deployed() { taken && applied; }

# running FIELD: of the service.
running() {
  aws ecs describe-services --cluster app-fargate --services "$(tf output -raw service)" --query "services[0].$1" --output text
}

image() {
  aws ecs describe-task-definition --task-definition "$(running taskDefinition)" \
    --query "taskDefinition.containerDefinitions[?name=='$1'].image" --output text | sed 's/.*@//'
}

autoscaled() {
  aws application-autoscaling describe-scalable-targets --service-namespace ecs \
    --query 'ScalableTargets[].[MinCapacity, MaxCapacity]' --output text
}

listener() {
  local balancer
  balancer=$(aws elbv2 describe-load-balancers --names app-fargate --query 'LoadBalancers[0].LoadBalancerArn' --output text)
  aws elbv2 describe-listeners --load-balancer-arn "$balancer" --query 'Listeners[].[Port, Protocol]' --output text
}

targets() { aws elbv2 describe-target-groups --names app-fargate --query 'TargetGroups[].[TargetType, Port]' --output text; }

# variables SERVICE FILE: what the task gives it, and then the ports of this machine.
variables() {
  aws ecs describe-task-definition --task-definition "$(running taskDefinition)" \
    --query "taskDefinition.containerDefinitions[?name=='$1'].environment[]" --output json | jq -r '.[] | "\(.name)=\(.value)"' >"$2"
}

# started SERVICE ADDRESS FURTHER...: the program, with what the task gives it and nothing else.
started() {
  local -a given
  mapfile -t given <"$work/$1.env"
  env -i "${given[@]}" "ADDR=$2" "${@:3}" "$services/$1" serve >"$work/$1.log" 2>&1 &
  pids+=($!)
}

# Without stores they answer as documented.
served() {
  local auth=127.0.0.1:$((20000 + RANDOM % 10000)) api=127.0.0.1:$((30000 + RANDOM % 2000)) status=0
  local -a pids=()
  variables api "$work/api.env"
  variables auth "$work/auth.env"
  started auth "$auth"
  started api "$api" "AUTH_URL=http://$auth"
  curl -s -o /dev/null --retry 30 --retry-connrefused --retry-delay 1 "http://$api/healthz"
  DATA_STORE=none URL=http://$api terraform/smoke.sh fargate || status=1
  kill "${pids[@]}"
  return "$status"
}

fleet
given '{"owner": "proof", "expires": "2099-12-31", "budget_emails": ["proof@example.org"]}'
step "it applies" deployed
step "the plan is empty" settled
step "two tasks are asked for and run" is $'2\t2' running '[desiredCount, runningCount]'
step "the load balancer listens on port 80" is $'80\tHTTP' listener
step "its targets are addresses" is $'ip\t8080' targets
step "api runs the digest of git" is "$(digest 1)" image api
step "api and auth answer with what the task gives them" served

step "no image that an environment names expires" python3 e2e/terraform/lifecycle.py "$(tf output -json lifecycle_policies | jq -r .api)"

given '{"replicas": 1}'
step "scaled to one task" applied
step "the plan is empty" settled
step "one task runs" is 1 running runningCount
given '{"replicas": 2, "max_tasks": 8}'
step "scaled to what eight tasks allow" applied
step "the plan is empty" settled
step "it scales by itself from two to four" is $'2\t4' autoscaled

bumped 2
step "a new digest in git is deployed" deployed
step "the plan is empty" settled
step "api runs it" is "$(digest 2)" image api
step "auth runs it" is "$(digest 2)" image auth
reverted
step "git revert is deployed" deployed
step "api runs the digest of before" is "$(digest 1)" image api
ended
