# shellcheck shell=bash
# The pull-request workflow on a branch of the scratch clone; sourced by pipeline.sh.

: "${work:?}" "${root:?}" "${python:?}"
others='{"style": "success", "lint": "success", "unit": "success", "tests": "success", "toolchains": "success",
  "services": "success", "manifests": "success", "terraform": "success", "plan": "success", "check": "success"}'

# context GIVEN: the pull request of the branch that is checked out.
context() {
  jq -n --argjson given "$1" --arg base "$(git rev-parse main)" --arg workspace "$PWD" '{
    given: $given, vars: {}, secrets: {},
    actions: {"actions/checkout": {}, "actions/cache": {}},
    github: {event_name: "pull_request", workspace: $workspace,
      event: {pull_request: {base: {sha: $base}, head: {repo: {fork: false}}, labels: []}}}}'
}

# judged GIVEN JOB...: runs these jobs, the gate last; the results of others are given.
judged() {
  context "$1" >"$work/context"
  PROMOTER_OFFLINE=1 "$python" "$root/e2e/pipeline/workflow.py" .github/workflows/pull-request.yaml \
    "$work/context" "${@:2}" gate >"$work/log" 2>&1
}

# stops BRANCH EXPECTED JOB...: these jobs and the gate fail, and the log has what is expected; all else went well.
stops() {
  git checkout --quiet "$1"
  if judged "$others" "${@:3}"; then cat "$work/log" && return 1; fi
  if ! grep -qE "$2" "$work/log" || ! tail -n 1 "$work/log" | jq -e '.gate == "failure"' >/dev/null; then
    cat "$work/log" && return 1
  fi
  grep -E "$2|^not merged|^[a-z]+: failure" "$work/log"
}

# passes BRANCH JOB...: these jobs and the gate succeed, where all others were not ordered.
passes() {
  git checkout --quiet "$1"
  judged "$(jq -c 'map_values("skipped")' <<<"$others")" "${@:2}" || { cat "$work/log" && return 1; }
  tail -n 1 "$work/log" | jq -e '.gate == "success" and .parts == "success"' >/dev/null
}

# gate RESULT [ORDERED]: what the gate says when the job `tests` ended so.
gate() {
  NEEDS=$(jq -n --arg result "$1" --arg ordered "${2:-true}" \
    '{parts: {result: "success", outputs: {tests: $ordered}}, tests: {result: $result, outputs: {}}}') \
    .github/scripts/gate.sh
}

# orders FILE JOB...: a change of the file orders these jobs and no others.
orders() {
  git checkout --quiet -B parts main
  mkdir -p "$(dirname "$1")"
  echo >>"$1"
  git add --force "$1"
  git commit --quiet --message "$1"
  diff <(PLAN_ROLE=role .github/scripts/parts.sh main HEAD | sed -n 's/=true//p; /^built=./p' | sort) <(printf '%s\n' "${@:2}" | sort)
}
