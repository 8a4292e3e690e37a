# shellcheck shell=bash
# D. A release that cannot be pulled, and one that is never ready: users notice nothing, promoter says why, a rollback heals.

: "${run:?}" "${services:?}"

broken() {
  local before=$run/pods.before
  check "0.3.0, which is never ready, is pushed" push_release 0.3.0
  check "all of dev runs 0.2.0" reaches dev 0.2.0
  pods_of dev >"$before"
  check "an image that is not there is bumped into dev, and an auth that is never ready" \
    promoter bump dev api=0.9.9 "auth=0.3.0@$(digest auth 0.3.0)" --push
  within "promoter wait says that dev is not well, and why: exit code 6" exits 6 'Degraded|degraded' promoter wait dev --timeout 5m
  check "the old pods of dev are all there" old_pods_stay "$before"
  check "and dev still answers 0.2.0" answers dev 0.2.0 "${services[@]}"
  check "the gate keeps it out of staging" exits 3 'healthy|Degraded' promoter promote dev staging --push
  within "from promoter rollback to dev being well again" healed
}

old_pods_stay() {
  local now
  now=$(pods_of dev)
  while read -r pod; do
    grep -qF "$pod" <<<"$now" || { echo "$pod is gone" && return 1; }
  done <"$1"
}

healed() {
  promoter rollback dev --push --reason "it never started" && promoter wait dev --timeout 5m && answers dev 0.2.0 "${services[@]}"
}
