#!/usr/bin/env bash
# The fast checks of terraform/: form, lint, documents, and its own tests where a provider can be had at once.
# Longer ones: e2e/terraform/broken.sh, e2e/terraform/scan.sh and e2e/terraform/prove.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/tools.sh
. e2e/testtools.sh
. e2e/check.sh
. e2e/terraform/tools.sh

need_packaged jq
need_terraform
need_go
need_tflint
need_terraform_docs
mkdir -p "$tools"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

formatted() { terraform fmt -check -recursive -diff "$1"; }

# Everything is typed, documented, used and pinned; the root, which only the tests have, is left out.
linted() {
  local folder
  for folder in modules fargate eks account local; do
    tflint --chdir="$1/$folder" --recursive --config="$PWD/terraform/.tflint.hcl" --format=compact || return 1
  done
}

documented() { terraform-docs --config terraform/.terraform-docs.yml --output-check "$1"; }

# with FILE SED CHECK FOLDER: the check on a copy of terraform/ in which one file is edited.
with() {
  rm -rf "$work/terraform" && cp -R terraform "$work/terraform"
  sed -i.old "$2" "$work/$1" && rm "$work/$1.old"
  "$3" "$work/$4"
}

# What tests say, counted as checks.
told() {
  terraform -chdir=terraform test -no-color | sed -n -e 's/^  run "\(.*\)"\.\.\. pass$/ok - terraform test: \1/p' \
    -e 's/^  run "\(.*\)"\.\.\. \(fail\|skip\)$/not ok - terraform test: \1/p' -e '/^Error/,/^$/p'
}

check "terraform/ is formatted" formatted terraform
check "terraform/ pleases tflint" linted terraform
for stack in fargate eks account local; do
  check "terraform/$stack/README.md lists its inputs and outputs" documented "terraform/$stack"
done
file=terraform/fargate/variables.tf
check "loose form is found" refuses with "$file" 's/^  type  */  type    /' formatted terraform
check "an undocumented variable is found" refuses with "$file" '/description = "Who is asked/d' linted terraform
check "an unused variable is found" refuses with terraform/fargate/main.tf '/^  port  *=/d' linted terraform
check "a README of before is found" refuses with "$file" 's/Who is told when money runs/Who/' documented terraform/fargate
if has_provider; then
  told || failed
else
  echo "left out: terraform test; no provider for AWS can be had at once (e2e/terraform/prove.sh builds one)"
fi
report
