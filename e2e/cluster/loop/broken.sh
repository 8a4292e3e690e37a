# shellcheck shell=bash
# D. A release that cannot be pulled, and one that is never ready: users notice nothing, promoter says why, a rollback heals.
# It is known as broken when its deadline of 90 seconds is over; what touches nothing of dev may run until then.

: "${run:?}" "${services:?}"

broken() {
  check "0.3.0 of api, which nobody can ask whether it is ready, is pushed" push api 0.3.0
  check "all of dev runs 0.2.0" reaches dev 0.2.0
  pods_of dev >"$run/pods.dev"
  check "it is bumped into dev, with an auth that is not in the registry" \
    promoter bump dev "api=0.3.0@$(digest api 0.3.0)" auth=0.9.9 --push
  aside wait_dev within "promoter wait says that dev is not well, and why: exit code 6" exits 6 'Degraded' promoter wait dev --timeout 5m
}

mended() {
  joined wait_dev
  check "the old pods of dev are all there" old_pods_stay "$run/pods.dev"
  check "and dev still answers 0.2.0" answers dev 0.2.0 "${services[@]}"
  check "the gate keeps it out of staging" exits 3 'healthy' promoter promote dev staging --push
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
