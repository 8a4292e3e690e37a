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

# exits CODE WORDS COMMAND...: the command ends so, and says these words, an extended regular expression.
exits() {
  local code=$1 words=$2 told was=0
  shift 2
  told=$("$@" 2>&1) || was=$?
  printf '%s\n' "exit code $was" "$told"
  [[ $was -eq $code ]] && grep -qE -- "$words" <<<"$told"
}

# eventually SECONDS WHAT COMMAND...: until the command succeeds, or fails with what it said last.
eventually() {
  local end=$((SECONDS + $1)) what=$2 told
  shift 2
  until told=$("$@" 2>&1); do
    if ((SECONDS >= end)); then
      printf 'not within the time: %s\n%s\n' "$what" "$told" >&2
      return 1
    fi
    sleep 0.25
  done
}

password() { head -c 24 /dev/urandom | base64 | tr -d '+/='; }

# A check that told its own lines has failed.
failed() {
  check_failed=1
}

# Ends the script: with 1 when a check failed.
report() {
  exit "$check_failed"
}
