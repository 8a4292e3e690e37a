# shellcheck shell=bash
# G. Argo CD or the git server goes away in the middle: nothing is lost, and what was begun is ended.

: "${services:?}"

outage() {
  check "dev and staging run 0.2.0, prod 0.1.0" versions_are 0.2.0 0.2.0 0.1.0
  check "Argo CD's controller and its repository server are ended" halt_argocd
  check "a promotion is committed while they are away" promoter promote staging prod --push
  check "promoter wait says that the time is up: exit code 5" exits 5 '' promoter wait prod --timeout 5s
  check "prod answers 0.1.0 as before" answers prod 0.1.0 "${services[@]}"
  within "from Argo CD's start to prod answering 0.2.0" argocd_returns
  check "the git server is ended" halt gitserver
  check "promoter says that it cannot be reached, and changes nothing" exits 6 'reach|connect' promoter rollback prod --push
  check "prod answers 0.2.0 as before" answers prod 0.2.0 "${services[@]}"
  within "from git's start to prod answering 0.1.0, rolled back" git_returns
  check "its mark is taken away" unmark
  check "all is synced and healthy" settled
}

versions_are() { answers dev "$1" "${services[@]}" && answers staging "$2" "${services[@]}" && answers prod "$3" "${services[@]}"; }
halt_argocd() { copies 0 && eventually 60 "they are gone" refuses_pods; }
argocd_returns() { copies 1 && reaches prod 0.2.0 && promoter wait prod; }

copies() {
  kube --namespace argocd scale --replicas "$1" statefulset/argocd-application-controller deployment/argocd-repo-server >/dev/null
}

refuses_pods() {
  local pods
  pods=$(kube --namespace argocd get pods --output name | grep -E 'application-controller|repo-server') || return 0
  echo "$pods" && return 1
}

git_returns() { serve_git && promoter rollback prod --push --reason "a rehearsal" && reaches prod 0.1.0; }
