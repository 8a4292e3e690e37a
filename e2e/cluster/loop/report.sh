# shellcheck shell=bash
# What the run came to, for people: times, and Argo CD's own words on where it ended.

: "${run:?}"

written_report() {
  local report=${CARGO_TARGET_DIR:-$PWD/target}/e2e/cluster.md
  mkdir -p "$(dirname "$report")"
  {
    echo "# The loop, $(date -u '+%F %R') UTC"
    printf '\n| what | time |\n|---|---|\n'
    cat "$run/times"
    printf '\nKubernetes %s, Argo CD %s, %s processors, load %s.\n' "$(kube version --output json | jq --raw-output .serverVersion.gitVersion)" \
      "$(argocd_version)" "$(nproc)" "$(cut -d ' ' -f 1-3 /proc/loadavg)"
    printf '\n```text\n'
    argocd app list --output wide | awk '{ print $1, $4, $5, $6 }' | column -t
    printf '```\n'
  } >"$report"
  echo "the report: $report"
}
