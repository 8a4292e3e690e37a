#!/usr/bin/env bash
# What checkov holds against terraform/, less what skips.txt accepts with its reason; a reason for nothing is found too.
set -euo pipefail
cd "$(dirname "$0")/../.."
. e2e/tools.sh
. e2e/testtools.sh
. e2e/check.sh

scanner=$tools/checkov
skips=e2e/terraform/skips.txt

need_checkov() {
  if cmp -s e2e/terraform/checkov.txt "$scanner/installed"; then return; fi
  need_venv
  python3 -m venv "$scanner"
  "$scanner/bin/pip" install --quiet --disable-pip-version-check -r e2e/terraform/checkov.txt
  cp e2e/terraform/checkov.txt "$scanner/installed"
}

accepted() { sed -n 's/^\(CKV[A-Z0-9_]*\) .*/\1/p' "$skips"; }

# scan FOLDER OPTION...: as JSON; checkov asks nobody about it.
scan() { "$scanner/bin/checkov" --quiet --compact --skip-download --framework terraform --output json --directory "$@"; }

clean() {
  local found
  found=$(scan "$1" --skip-check "$(accepted | paste -sd ,)" || true)
  jq -r '[.] | flatten | .[] | .results.failed_checks[]? | "\(.check_id) \(.resource): \(.check_name)"' <<<"$found" | sort -u | (! grep .)
}

need_packaged jq
need_checkov
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check "checkov finds nothing that is not accepted" clean terraform
scan terraform --check "$(accepted | paste -sd ,)" >"$work/accepted.json" || true
for id in $(accepted); do
  check "$id is accepted for something that is there" grep -q "\"check_id\": \"$id\"" "$work/accepted.json"
done
cp -R terraform "$work/terraform"
sed -i.old 's/storage_encrypted  *= true/storage_encrypted = false/' "$work/terraform/modules/data-stores/main.tf"
check "an unencrypted database is found" refuses clean "$work/terraform"
report
