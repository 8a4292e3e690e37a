# shellcheck shell=bash
# One line a check, `ok - NAME` or `not ok - NAME` with its output, so that checks can be counted.

check_failed=0

# check NAME COMMAND...: passes when the command succeeds.
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    echo "ok - $name"
  else
    check_failed=1
    echo "not ok - $name"
    printf '%s\n' "$output" | sed 's/^/    /'
  fi
}

# refuses COMMAND...: succeeds when the command fails; a check that cannot fail proves nothing.
refuses() {
  ! "$@"
}

# A check that told its own lines has failed.
failed() {
  check_failed=1
}

# Ends the script: with 1 when a check failed.
report() {
  exit "$check_failed"
}
