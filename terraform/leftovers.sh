#!/usr/bin/env bash
# leftovers.sh STACK: what still bears the stack's tags, one a line; fails when there is anything.
# Also what Kubernetes made beside Terraform: load balancers, their security groups, volumes.
set -euo pipefail
cd "$(dirname "$0")/.."
. terraform/stack.sh

stack "${1:-}" >/dev/null
project=${PROJECT:-app}

# tagged FILTER...: AWS goes on listing for a while what is gone; `gone` asks.
tagged() {
  aws resourcegroupstaggingapi get-resources --tag-filters "$@" \
    --query 'ResourceTagMappingList[].ResourceARN' --output text
}

roles() {
  aws iam list-roles --query "Roles[?starts_with(RoleName, '$project-$1')].Arn" --output text
}

# gone ARN: whether what is still listed is gone, or on its way out.
gone() {
  local id=${1##*/}
  case $1 in
    *:natgateway/*) [[ $(aws ec2 describe-nat-gateways --nat-gateway-ids "$id" --query 'NatGateways[0].State' --output text 2>&1) =~ deleted|NotFound ]] ;;
    *:instance/*) [[ $(aws ec2 describe-instances --instance-ids "$id" --query 'Reservations[0].Instances[0].State.Name' --output text 2>&1) =~ terminated|NotFound ]] ;;
    *:ecs:*:cluster/*) [[ $(aws ecs describe-clusters --clusters "$1" --query 'clusters[0].status' --output text 2>&1) =~ INACTIVE|None ]] ;;
    *:ecs:*:service/*) [[ $(aws ecs describe-services --cluster "$(basename "${1%/*}")" --services "$id" --query 'services[0].status' --output text 2>&1) =~ INACTIVE|None|NotFound ]] ;;
    *:task-definition/*) true ;; # an inactive revision costs nothing and cannot be deleted at once
    *) false ;;
  esac
}

found=0
while read -r arn; do
  if [[ -z $arn || $arn == None ]] || gone "$arn"; then continue; fi
  echo "$arn" && found=1
done < <({
  tagged "Key=Project,Values=$project" "Key=Stack,Values=$1"
  tagged "Key=elbv2.k8s.aws/cluster,Values=$project-$1"
  tagged "Key=kubernetes.io/cluster/$project-$1,Values=owned"
  roles "$1"
} | tr '\t' '\n' | sort -u)
exit "$found"
