# shellcheck shell=bash
# Runs the steps of a test run and counts what they say: cargo's summaries, and lines of `ok` and `not ok`.

passed=0
failed=0
steps_log=$(mktemp)
trap 'rm -f "$steps_log"' EXIT

# step NAME COMMAND...: a step that counts nothing itself counts as one.
step() {
  local name=$1 status=0 started=$SECONDS here_passed here_failed
  shift
  say "$name"
  "$@" 2>&1 | tee "$steps_log" || status=$?
  here_passed=$(counted passed '^ok ')
  here_failed=$(counted failed '^not ok ')
  if [[ $status -ne 0 && $here_failed -eq 0 ]]; then here_failed=1; fi
  if [[ $here_passed -eq 0 && $here_failed -eq 0 ]]; then here_passed=1; fi
  passed=$((passed + here_passed))
  failed=$((failed + here_failed))
  if [[ $here_failed -ne 0 ]]; then echo "FAILED: $name"; fi
  echo "-- $name: $((SECONDS - started)) s"
}

# counted WORD PATTERN: what cargo's summaries count under the word, and the lines of the pattern.
counted() {
  awk -v word="$1" -v line="$2" '
    /^test result: / { for (at = 2; at <= NF; at++) if (index($at, word) == 1) sum += $(at - 1) }
    $0 ~ line { sum++ }
    END { print sum + 0 }' "$steps_log"
}

# The last line of the run; 1 when anything failed.
total() {
  echo
  echo "$passed passed, $failed failed"
  [[ $failed -eq 0 ]]
}
