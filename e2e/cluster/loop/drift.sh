# shellcheck shell=bash
# F. What is changed behind git's back is put right; what git is told by mistake does not take prod away.

: "${run:?}" "${registry:?}"

drift() {
  local before=$run/pods.before
  check "all is synced and healthy" settled
  within "a deleted service is back" healed_after service_is_there delete service api
  within "a changed image is put back" healed_after image_is_right set image deployment/api api=nowhere.example/api:1
  keep_secrets staging >"$run/secrets.before"
  within "a deleted namespace is back, and answers" namespace_returns
  check "its secrets are the same" diff "$run/secrets.before" <(keep_secrets staging)
  pods_of prod >"$before"
  records_of prod >"$run/records.before"
  check "environments/prod/api is renamed by a commit" renamed
  check "prod answers on" still_serving "$before"
  check "the commit is reverted" revert_newest
  check "the ApplicationSets are deleted" kube --namespace argocd delete applicationset --all
  check "prod answers on, from the same pods" still_serving "$before"
  check "and its records are there" diff "$run/records.before" <(records_of prod)
  within "the root application brings them back" settled
}

# healed_after CONDITION KUBECTL-WORD...: in staging.
healed_after() {
  local condition=$1
  shift
  kube --namespace staging "$@" >/dev/null && eventually 60 "$condition" "$condition"
}

service_is_there() { answers staging 0.2.0 api; }
image_is_right() { [[ $(kube --namespace staging get deployment api --output 'jsonpath={.spec.template.spec.containers[0].image}') == "$registry/"* ]]; }

keep_secrets() { kube --namespace "$1" get secrets --sort-by .metadata.name --output 'jsonpath={range .items[*]}{.metadata.name} {.data}{"\n"}{end}' | sha256sum; }

namespace_returns() {
  kube delete namespace staging --timeout=120s && eventually 240 "staging is well" are_well staging && reaches staging 0.2.0
}

records_of() { call "$1" api 80 '/api/v1/records?limit=100'; }

renamed() {
  pull && in_clone mv environments/prod/api environments/prod/app &&
    in_clone commit --quiet --message "environments: rename prod's api by mistake" && in_clone push --quiet
}

# For a while: what is taken away is not taken away at once.
still_serving() {
  local _
  for _ in $(seq 10); do
    sleep 1
    [[ $(status_of prod api 80 /hello) == 200 ]] || return 1
  done
  diff "$1" <(pods_of prod)
}

revert_newest() { pull && in_clone revert --no-edit HEAD && in_clone push --quiet; }
