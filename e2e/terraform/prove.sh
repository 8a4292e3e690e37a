#!/usr/bin/env bash
# prove.sh [write] [STORY...]: the stacks against a stand-in for AWS, with no change to them: fargate, managed, eks, account.
# `write` keeps what it prints in docs/terraform-proof.md.
# SERVICES=DIR holds the built services; without it they are built. PROVIDERS=DIR is a mirror of providers; where neither it nor the registry has one, it is built, which takes an hour.
set -euo pipefail
cd "$(dirname "$0")/../.."
. e2e/tools.sh
. e2e/testtools.sh
. e2e/scratch.sh
. e2e/terraform/tools.sh
. e2e/terraform/standin.sh

has promoter || die "promoter is not on the path: ./bootstrap.sh installs it"
need_packaged jq
need_packaged curl
need_terraform
need_standin
need_provider
export services=${SERVICES:-${CARGO_TARGET_DIR:-target}/debug}
[[ -n ${SERVICES:-} ]] || cargo build --locked --quiet --package app --bins

# story NAME: in a folder and on a stand-in of its own.
story() (
  label=$1 stack=${1/managed/fargate}
  work=$(mktemp -d)
  trap 'stop_aws; rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM
  start_aws "$work"
  . e2e/terraform/story.sh
  lay
  tf init -input=false -no-color >/dev/null
  echo "== $label: terraform $(terraform version -json | jq -r .terraform_version), provider $(tf version -json | jq -r '.provider_selections["registry.terraform.io/hashicorp/aws"]')"
  # shellcheck source=/dev/null
  . "e2e/terraform/$1.sh"
)

# kept FILE: the lines of FILE in the document, in the place of those of before.
kept() {
  local page=docs/terraform-proof.md
  awk -v log_file="$1" '
    /^<!-- end of the proof -->/ { skip = 0 }
    !skip { print }
    /^<!-- proof -->/ { skip = 1; print "\n```"; while ((getline line < log_file) > 0) print line; print "```\n" }' "$page" >"$page.new"
  mv "$page.new" "$page"
}

keep=
if [[ ${1:-} == write ]]; then keep=1 && shift; fi
if [[ $# -eq 0 ]]; then set -- fargate managed eks account; fi
log=$(mktemp)
for name in "$@"; do story "$name" | tee -a "$log"; done
if [[ -n $keep ]]; then kept "$log"; fi
rm "$log"
