#!/usr/bin/env bash
# Judges open promotions anew, since time passes for them: a soak ends, a freeze begins.
# Where the verdict is no longer that of the job `check`, the job is run again, and the gate after it.
set -euo pipefail
api=repos/${GITHUB_REPOSITORY:?}
base=${BASE:-origin/main}

promotions() {
  gh api --paginate "$api/pulls?state=open&per_page=100" --jq '.[]
    | select(.head.repo.full_name == .base.repo.full_name and (.head.ref | test("^(promote|bump)/")))
    | "\(.head.sha) \(.head.ref) \(.number)"'
}

# The newest run of the job for a commit: its number and how it ended.
recorded() {
  gh api "$api/commits/$1/check-runs?check_name=check&filter=latest" \
    --jq '.check_runs | max_by(.id) // empty | "\(.id) \(.conclusion)"'
}

# Only exit code 3 is a verdict of the rules; what could not be judged stays as it is.
verdict() {
  local code=0
  promoter check --base "$base" --branch "$1" >&2 || code=$?
  case $code in
    0) echo success ;;
    3) echo failure ;;
    *) return "$code" ;;
  esac
}

while read -r commit branch number; do
  git branch --force "$branch" "$commit"
  now=$(verdict "$branch") || { echo "#$number $branch: not judged" && continue; }
  record=$(recorded "$commit")
  read -r job before <<<"$record"
  echo "#$number $branch: ${before:-none} -> $now"
  if [[ -n ${before:-} && $before != null && $before != "$now" ]]; then
    gh api --method POST "$api/actions/jobs/$job/rerun" --silent
  fi
done < <(promotions)
