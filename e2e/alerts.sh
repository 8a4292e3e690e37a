#!/usr/bin/env bash
# Alerts fire when they should and only then, each leads to a page that says what to do; dashboards ask for metrics that are there.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/check.sh
. e2e/tools.sh
. e2e/testtools.sh
. e2e/manifests/tools.sh
need_alert_tools

work=$(mktemp -d)
. e2e/contract/servers.sh
trap 'stop_all; rm -rf "$work"' EXIT

python() { "$manifests_python" e2e/alerts "$@"; }

# fires [SED-SCRIPT]: promtool's verdict on the cases, with the rules as they are or edited.
fires() {
  cp e2e/alerts/*.yaml "$work"
  python rules "$work/rules.yaml"
  sed -i.bak "${1-}" "$work/rules.yaml"
  (cd "$work" && promtool check rules rules.yaml && promtool test rules minutes.yaml days.yaml)
}

# edited FILE SED-SCRIPT COMMAND...: the command, in a copy of what it reads in which one file is edited.
edited() {
  rm -rf "$work/tree" && mkdir -p "$work/tree/docs" && cp -R kustomize e2e "$work/tree"
  if [[ -e docs/operations.md ]]; then cp docs/operations.md "$work/tree/docs"; fi
  sed "$2" "$1" >"$work/tree/$1"
  (cd "$work/tree" && "$manifests_python" e2e/alerts "${@:3}")
}

# scrape FILE: what api answers once it has answered something else.
scrape() {
  cargo build --locked --quiet --package app --bin api
  mkdir -p "$work/bin"
  cp "${CARGO_TARGET_DIR:-target}/debug/api" "$work/bin"
  serve api
  curl -sSf -o /dev/null "${api:?serve sets it}/"
  curl -sSf "$api/metrics" -o "$1"
}

check "promtool: alerts fire when they should" fires
check "promtool: a higher threshold is found" refuses fires 's/14\.4/144/'
check "promtool: a longer wait is found" refuses fires 's/for: 5m/for: 50m/'
check "each alert has cases for both" python tested
check "an alert without a case is found" refuses edited kustomize/monitoring/alerts.yaml 's/alert: Panics/alert: Panic/' tested
check "each alert leads to a runbook" python linked
check "an alert without a runbook is found" refuses edited kustomize/monitoring/alerts.yaml 's|runbook_url: .*#panics|runbook_url: ""|' linked
check "api answers a scrape" scrape "$work/metrics"
check "dashboard and alerts ask for metrics that are there" python known "$work/metrics"
check "an unknown metric is found" refuses edited kustomize/monitoring/services.json 's/redis_up/redis_down/' known "$work/metrics"
report
