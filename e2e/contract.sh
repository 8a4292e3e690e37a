#!/usr/bin/env bash
# The documents of the services are whole and true, on both kinds of stores, and the page that shows them works.
# EXAMPLES=1000 e2e/contract.sh tries each operation more often.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/check.sh
. e2e/tools.sh
. e2e/testtools.sh
. e2e/contract/tools.sh
need_contract_tools

api='' auth='' work=$(mktemp -d)
chmod 755 "$work"
. e2e/contract/servers.sh
. e2e/contract/checks.sh
. e2e/contract/pages.sh
trap 'stop_all; rm -rf "$work"' EXIT

# Copies, so that a build in the meantime changes no run.
cargo build --quiet --locked --package app --bins
mkdir "$work/bin"
cp "${CARGO_TARGET_DIR:-target}/debug/api" "${CARGO_TARGET_DIR:-target}/debug/auth" "$work/bin"

for service in api auth; do
  document=app/openapi/$service.json
  check "$document pleases redocly" redocly "$document"
  check "$document pleases spectral" spectral "$document"
  check "$document pleases openapi-spec-validator" validator "$document"
done
document=app/openapi/auth.json
check "a key that stands twice is found" refuses with "$document" 's/"openapi":/"openapi": "3.0.4", &/' spectral
check "an example that is none is found" refuses with "$document" 's/"status": 400/"status": "400"/' redocly
check "a reference to nothing is found" refuses with "$document" 's/"ProblemDetails": {/"Problem": {/' validator

services
check "a success that never was is found" refuses reached "$auth"
for service in api auth; do
  check "$service, with its own stores, conforms to its document" conforms "${!service}"
  check "$service, with its own stores, gave each answer of success" reached "${!service}"
  cases
done
check "an answer that is not in the document is found" refuses differs "$api"
for service in api auth; do
  check "$service: the page names no other place" loads_nothing_else "${!service}"
  check "$service: a file is sent once" kept "${!service}"
done
echo "a { background: url('//fonts.example/a.woff') }" >"$work/foreign.css"
check "a file that names another place is found" names_elsewhere "$work/foreign.css"
browse api "$api" message '"message": "Automate all the things!"'
browse auth "$auth" healthz '"status": "ok"'
stop_all

services_on_servers
for service in api auth; do
  check "$service, on Postgres and Redis, conforms to its document" conforms "${!service}"
  check "$service, on Postgres and Redis, gave each answer of success" reached "${!service}"
  cases
done
report
