# shellcheck shell=bash
# B. A new version enters dev and is promoted to prod; each environment moves when it is told to, and no other.

: "${registry:?}" "${run:?}" "${environments:?}" "${services:?}"

promotion() {
  check "0.2.0 is pushed to the registry, as CI does" push_release 0.2.0
  check "without a password the registry says nothing" refuses inside curl -fsS "http://$registry/v2/api/tags/list"
  moves dev "from the commit to dev answering 0.2.0" bump 0.2.0
  check "promoter waits until dev is well, which the gate of staging asks" promoter wait dev --timeout 3m
  moves staging "from the commit to staging answering 0.2.0" promoter promote dev staging --push
  check "promoter waits until staging is well, which the gate of prod asks" promoter wait staging --timeout 3m
  moves prod "from the commit to prod answering 0.2.0" promote_in_background
  within "and to its three copies being there, waited for" waited_for
  check "in prod the token that everybody knows is refused" token_is_refused
  check "all is synced and healthy" settled
}

# moves ENVIRONMENT NAME COMMAND...: it answers 0.2.0 after the command; the other two keep their pods.
moves() {
  local environment=$1 name=$2 before=$run/pods.before after=$run/pods.after
  shift 2
  others_of "$environment" >"$before"
  from_commit "$name" moved "$environment" "$@"
  others_of "$environment" >"$after"
  check "nothing else has moved" diff "$before" "$after"
}

moved() {
  local environment=$1
  shift
  "$@" && reaches "$environment" 0.2.0
}

# It goes on to wait while prod is asked.
promote_in_background() {
  rm -f "$run/promoted"
  {
    promoter promote staging prod --push --wait && echo "exit code 0"
  } >"$run/promoted" 2>&1 &
}
waited_for() { eventually 100 "the wait ends well" grep -x 'exit code 0' "$run/promoted"; }

others_of() {
  local environment
  for environment in "${environments[@]}"; do
    [[ $environment == "$1" ]] || pods_of "$environment"
  done
}

push_release() {
  local service
  for service in "${services[@]}"; do push "$service" "$1" && digest "$service" "$1" || return 1; done
}

bump() {
  local service images=()
  for service in "${services[@]}"; do images+=("$service=$1@$(digest "$service" "$1")"); done
  promoter bump dev "${images[@]}" --push
}

token_is_refused() { [[ $(status_of prod api 80 /jobs --request POST --header 'Authorization: mytoken') == 401 ]]; }
