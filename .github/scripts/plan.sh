#!/usr/bin/env bash
# plan.sh STACK ENVIRONMENT: what a change would do to a stack, read only; with the digests that git says.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
. terraform/stack.sh

settings "$1"
init "$1"
if [[ $1 == fargate ]]; then terraform/digests.sh "$2" >terraform/fargate/digests.auto.tfvars.json; fi
terraform -chdir="terraform/$1" plan -input=false -lock=false -no-color
