# shellcheck shell=bash
# E. Two rolling updates of prod under steady load: not one request fails.

: "${run:?}"

load() {
  check "staging and prod are synced and healthy" eventually 100 "both are well" are_well staging prod
  check "prod goes to 0.2.0 and back while it is called 200 times a second" under_load to_and_fro
  check "no request failed" nothing_failed
}

# Ten connections that stay open, as a load balancer's do, for as long as the command runs.
under_load() {
  local caller was=0
  inside hey -z 10m -c 10 -q 20 -t 5 "http://$(address prod api)/hello" >"$run/load" 2>&1 &
  caller=$!
  "$@" || was=$?
  pkill -INT --parent "$caller" hey || kill -INT "$caller"
  wait "$caller" || true
  return "$was"
}

to_and_fro() {
  promoter promote staging prod --push --wait && reaches prod 0.2.0 && reverted && promoter wait prod
}

nothing_failed() {
  cat "$run/load"
  echo "| requests under load, all answered | $(sed -n 's/^ *\[200\]\t//p' "$run/load") |" >>"$run/times"
  [[ $(grep -cE '^ *\[[0-9]+\]' "$run/load") -eq 1 ]] && grep -qE '^ *\[200\]' "$run/load" && ! grep -q 'Error distribution' "$run/load"
}
