# shellcheck shell=bash
# EKS: up, unchanged, scaled, down; each answer of the stand-in is one that AWS's model allows.

: "${work:?}" "${here:?}"

cluster() { aws eks describe-cluster --name app-eks --query "cluster.$1" --output text; }
nodes() { aws eks describe-nodegroup --cluster-name app-eks --nodegroup-name app-eks-nodes --query nodegroup.scalingConfig.desiredSize --output text; }

judged() {
  local wrong
  wrong=$(jq -s 'map(select(.wrong != [])) | length' "$work/journal")
  [[ $wrong -eq 0 ]] || { jq -c 'select(.wrong != [])' "$work/journal" && return 1; }
  jq -rs '"\(length) calls of \(map(.operation) | unique | length) operations"' "$work/journal"
}

given '{"owner": "proof", "expires": "2099-12-31", "budget_emails": ["proof@example.org"],
  "api_clients": ["203.0.113.7/32"], "admins": {"ci": "arn:aws:iam::123456789012:role/ci"}}'
step "it applies" applied
step "the plan is empty" settled
step "it stays in standard support" is STANDARD cluster upgradePolicy.supportType
step "access is by entries" is API cluster accessConfig.authenticationMode
given '{"nodes": {"min": 2, "desired": 3, "max": 4}}'
step "scaled to three nodes" applied
step "the plan is empty" settled
step "three nodes are asked for" is 3 nodes
ended
step "what EKS was asked and answered is as its model says" judged
