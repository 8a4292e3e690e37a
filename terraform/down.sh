#!/usr/bin/env bash
# down.sh STACK: takes all of it away, and says what is left.
set -euo pipefail
cd "$(dirname "$0")/.."
. terraform/stack.sh

name=${1:-}
if [[ $name == local ]]; then exec make cluster-down; fi
stack "$name" >/dev/null

# owned: what controllers in the cluster made in AWS; Terraform does not know it, and a VPC with it cannot go.
owned() {
  aws resourcegroupstaggingapi get-resources --query 'ResourceTagMappingList[].ResourceARN' --output text \
    --resource-type-filters elasticloadbalancing:loadbalancer ec2:volume \
    --tag-filters "Key=$1"
}

# While Argo CD is there it takes down what it put up; then the controllers take down theirs.
drain() {
  local cluster
  cluster=$(output eks cluster) || return 0
  aws eks update-kubeconfig --name "$cluster" --alias app-eks >/dev/null || return 0
  kubectl --namespace argocd delete application root --ignore-not-found --timeout=600s
  kubectl delete ingress,pvc --all --all-namespaces --timeout=600s
  for _ in $(seq 60); do
    if [[ -z "$(owned elbv2.k8s.aws/cluster,Values="$cluster")$(owned kubernetes.io/cluster/"$cluster",Values=owned)" ]]; then return; fi
    sleep 10
  done
  die "load balancers or volumes of $cluster are still there: terraform/leftovers.sh eks lists them"
}

init "$name"
if [[ $name == eks ]]; then say "what runs in it" && drain; fi
say "$name"
digests="digests={api=\"sha256:$(printf '%064d' 0)\",auth=\"sha256:$(printf '%064d' 0)\"}"
if [[ $name == fargate ]]; then set -- -var "$digests"; else set --; fi
terraform -chdir="terraform/$name" destroy -input=false -auto-approve "$@" || die "it was not destroyed: exit code $?"
say "what is left"
terraform/leftovers.sh "$name" || die "the above bears the tags of $name and is still there"
echo "nothing"
