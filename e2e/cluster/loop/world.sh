# shellcheck shell=bash
# What the steps of the loop say and ask: commits by promoter, answers over HTTP, Argo CD's own words.
# shellcheck disable=SC2034 # the steps use what stands here

: "${run:?place.sh comes first}" "${check_failed:?check.sh comes first}"

environments=(dev staging prod)
services=(api auth)
# What must hold before a version enters prod in a freeze.
frozen='{ freeze: [{ start: "2020-01-01", end: "2099-01-01", reason: "end of the year" }], healthy: { argocd: true } }'
promoter=${CARGO_TARGET_DIR:-$PWD/target}/release/promoter

promoter() {
  ARGOCD_SERVER=http://$(argocd_address) ARGOCD_AUTH_TOKEN=$(cat "$run/secrets/argocd.token") as_ci "$promoter" --repo "$run/clone" "$@"
}

# within NAME COMMAND...: a check that says how long it took; the time stands in the report too.
within() {
  begun=$(now)
  timed when_begun "$@"
}
when_begun() { echo "$begun"; }

# from_commit NAME COMMAND...: timed from the newest commit, whose date counts whole seconds: up to one too many.
from_commit() { timed when_committed "$@"; }
when_committed() { git -C "$run/git/app.git" log -1 --format=%ct main; }

timed() {
  local since=$1 name=$2 output took
  shift 2
  if output=$("$@" 2>&1); then
    took=$(since "$("$since")")
    echo "ok - $name: $took s"
    echo "| $name | $took s |" >>"$run/times"
  else
    echo "not ok - $name, after $(since "$("$since")") s"
    printf '%s\n' "$output" | sed 's/^/    /'
    failed
  fi
}

# aside NAME CHECK...: runs beside what comes next; `joined NAME` waits for it, says what it came to, and counts it.
aside() {
  local name=$1
  shift
  { "$@" && exit "$check_failed"; } >"$run/aside.$name" 2>&1 &
  echo $! >"$run/aside.$name.process"
}

joined() {
  wait "$(cat "$run/aside.$1.process")" || failed
  cat "$run/aside.$1"
}

# call ENVIRONMENT SERVICE PORT PATH [FLAG...]
call() {
  local at
  at=$(address "$1" "$2") && inside curl --silent --show-error --max-time 5 "${@:5}" "http://$at:$3$4"
}

status_of() { call "$@" --output /dev/null --write-out '%{http_code}'; }
version_of() { call "$1" "$2" 9090 /version --fail | jq --raw-output .version; }

# answers ENVIRONMENT VERSION [SERVICE...]: each of its services answers with that version, now.
answers() {
  local service told
  for service in "${@:3}"; do
    told=$(version_of "$1" "$service") || return 1
    [[ $told == "$2" ]] || { echo "$service of $1 answers $told" && return 1; }
  done
}

# reaches ENVIRONMENT VERSION: soon; Argo CD's next look by itself would be later than this.
reaches() { eventually 100 "$1 answers $2" answers "$1" "$2" "${services[@]}"; }

# What would be different if anything had moved: every pod that is to stay, and the image that it runs.
pods_of() {
  kube --namespace "$1" get pods --selector "app.kubernetes.io/name in (api, auth, postgres, redis)" --output json |
    jq --raw-output '.items[] | select(.metadata.deletionTimestamp == null) | "\(.metadata.uid) \(.spec.containers[0].image)"' | sort
}

application() { kube --namespace argocd get application "$1" --output "jsonpath=$2"; }

# are_well ENVIRONMENT...: all applications of these. One that found everything in place has synced nothing, and has no phase.
are_well() {
  local environment service names=()
  for environment in "$@"; do
    for service in "${services[@]}" postgres redis; do
      [[ ! -d environments/$environment/$service ]] || names+=("$service-$environment")
    done
  done
  well "${names[@]}"
}

well() {
  local unwell
  unwell=$(kube --namespace argocd get applications "$@" --output json | jq --raw-output '.items[]
    | [.status.sync.status, .status.health.status, .status.operationState.phase // "Succeeded"] as $is
    | select($is != ["Synced", "Healthy", "Succeeded"])
    | "\(.metadata.name) \($is) \(.status.conditions) \(.status.operationState.message)"') || return 1
  [[ -z $unwell ]] || { echo "$unwell" && return 1; }
}

settled() { eventually 240 "all applications are well" all_are_well; }
all_are_well() { well root fences && are_well "${environments[@]}" && scaled; }

# A new Deployment has one copy until its autoscaler has looked at it.
scaled() {
  kube get horizontalpodautoscalers --all-namespaces --output json |
    jq --exit-status '(.items | length) > 0 and all(.items[]; .status.currentReplicas >= .spec.minReplicas and .status.currentReplicas == .status.desiredReplicas)'
}
