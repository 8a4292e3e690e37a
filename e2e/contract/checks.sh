# shellcheck shell=bash
# The checks of contract.sh; each succeeds or says what is wrong.

: "${work:?}" "${venv:?}" "${modules:?}"
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true NO_COLOR=1

redocly() {
  "$modules/.bin/redocly" lint --config e2e/contract/redocly.yaml --format stylish "$1" 2>&1 | tee "$work/lint"
  # A warning is no exit code of redocly's.
  [[ ${PIPESTATUS[0]} -eq 0 ]] && ! grep -q ' warning ' "$work/lint"
}

spectral() {
  "$modules/.bin/spectral" lint --quiet --fail-severity hint --ruleset e2e/contract/spectral.yaml "$1"
}

validator() {
  "$venv/bin/openapi-spec-validator" "$1"
}

# with FILE SED-SCRIPT CHECK: the check on an edited copy.
with() {
  sed "$2" "$1" >"$work/edited.json"
  "$3" "$work/edited.json"
}

# conforms URL [OPTION...]: all checks and all phases of schemathesis.
conforms() {
  "$venv/bin/schemathesis" --config-file e2e/contract/schemathesis.toml run "$1/openapi.json" \
    --checks all --phases examples,coverage,fuzzing,stateful --max-examples "${EXAMPLES:-50}" --no-color "${@:2}" |
    tee "$work/conforms"
  return "${PIPESTATUS[0]}"
}

# What the last run of schemathesis counted.
cases() {
  sed -n 's/^ *\([0-9]* generated.*\)/    \1/p' "$work/conforms"
}

reached() {
  "$venv/bin/python" e2e/contract/reached.py "$1"
}

# differs URL: the service against a document that says something else of one answer.
differs() {
  sed 's/"name",/"surname",/' app/openapi/api.json >"$work/other.json"
  "$venv/bin/schemathesis" --config-file e2e/contract/schemathesis.toml run "$work/other.json" --url "$1" \
    --include-path /version --phases coverage --no-color
}
