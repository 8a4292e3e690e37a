# shellcheck shell=bash
# What a person sees of it: Argo CD's login, list and tree, by its command line and by its API.

: "${run:?}"

dashboard() {
  check "a wrong password is refused" refuses argocd login "$(argocd_address)" --plaintext --username admin --password wrong
  check "the password lets in" log_in
  check "the list has every application, synced and healthy" lists_all
  check "the API says the same" api_lists_all
  check "the tree of api-prod leads to its pods" tree_has_pods
  check "who has no token is told nothing" token_is_asked_for
}

applications() { for folder in "$run"/clone/environments/*/*/; do echo "$(basename "$folder")-$(basename "$(dirname "$folder")")"; done | sort; }

lists_all() {
  local told name
  told=$(argocd app list --output json | jq --raw-output '.[] | "\(.metadata.name) \(.status.sync.status) \(.status.health.status)"')
  echo "$told"
  for name in $(applications); do grep -qx "$name Synced Healthy" <<<"$told" || return 1; done
}

ask() { inside curl -fsS --header "Authorization: Bearer $(cat "$run/secrets/argocd.token")" "http://$(argocd_address)/api/v1/$1"; }
api_lists_all() { diff <(applications) <(ask applications | jq --raw-output '.items[].metadata.name' | grep -vxE 'root|fences' | sort); }

tree_has_pods() {
  local pods
  pods=$(ask applications/api-prod/resource-tree | jq --raw-output '.nodes[] | select(.kind == "Pod" and (.name | startswith("api-"))) | .name')
  echo "$pods" && [[ $(wc -l <<<"$pods") -eq $(kube --namespace prod get deployment api --output 'jsonpath={.status.replicas}') ]]
}

token_is_asked_for() { [[ $(inside curl -s -o /dev/null -w '%{http_code}' "http://$(argocd_address)/api/v1/applications") == 401 ]]; }
