#!/usr/bin/env bash
# up.sh STACK: infrastructure, images, what git says of them, and where it answers; running it again changes what differs.
# ENVIRONMENT (dev) says whose versions Fargate runs; TF_STATE_BUCKET where the state is kept, else it is beside the stack.
set -euo pipefail
cd "$(dirname "$0")/.."
. terraform/stack.sh

name=${1:-} environment=${ENVIRONMENT:-dev}
if [[ $name == local ]]; then exec make cluster-up; fi
stack "$name" >/dev/null

tf() { terraform -chdir="terraform/$name" "$@"; }

# The repositories of images come before what runs from them.
registry() {
  tf apply -input=false -auto-approve -target=module.registry -var "digests={api=\"sha256:$(printf '%064d' 0)\",auth=\"sha256:$(printf '%064d' 0)\"}"
  registry=$(output "$name" registry_urls .api)
  aws ecr get-login-password | buildah login --username AWS --password-stdin "${registry%%/*}"
}

# Built and pushed once for a commit; git says then that the environment runs it.
images() {
  local versions
  versions=$(REGISTRY=${registry%/api} PLATFORMS=${PLATFORMS:-linux/amd64} .github/scripts/images.sh api auth)
  read -ra versions <<<"${versions#versions=}"
  promoter bump "$environment" "${versions[@]}" --not-older
}

fargate() {
  terraform/digests.sh "$environment" >terraform/fargate/digests.auto.tfvars.json
  tf apply -input=false -auto-approve
  say "it answers: $(output fargate url)  (routes with state: $(output fargate data_store))"
}

# What argocd/eks asks of the cluster it runs in.
facts() {
  kubectl apply --server-side -f - <<EOF
apiVersion: v1
kind: Secret
metadata:
  name: in-cluster
  namespace: argocd
  labels: {argocd.argoproj.io/secret-type: cluster, cloud: eks}
  annotations: {cluster-name: "$(output eks cluster)", vpc-id: "$(output eks vpc_id)", region: "${AWS_REGION:?}"}
stringData:
  name: in-cluster
  server: https://kubernetes.default.svc
  config: '{"tlsClientConfig": {"insecure": false}}'
EOF
}

eks() {
  tf apply -input=false -auto-approve
  aws eks update-kubeconfig --name "$(output eks cluster)" --alias app-eks
  terraform/argocd.sh argocd/eks
  facts
  say "Argo CD: kubectl --namespace argocd port-forward svc/argocd-server 8081:443; environments: kubectl get ingress -A"
}

settings "$name"
init "$name"
if [[ $name == account ]]; then exec terraform -chdir=terraform/account apply; fi
say "registry" && registry
say "images" && images
say "$name" && "$name"
