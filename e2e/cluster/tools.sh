#!/usr/bin/env bash
# Builds what the cluster is made of, each from its published Go module, into .tools/cluster/bin.
# What is there in this version already is not built again; `tools.sh --there` only says whether all of it is.
# PATIENTLY is put before each build, for a machine that has other work.
set -euo pipefail
cd "$(dirname "$0")/../.."
. e2e/tools.sh
. e2e/testtools.sh
. e2e/cluster/place.sh

modules=$PWD/e2e/cluster/tools
export GOCACHE=$cluster/cache CGO_ENABLED=0 GOFLAGS='-mod=readonly -trimpath -buildvcs=false -p=2'
read -ra patiently <<<"${PATIENTLY-}"

version() { sed -n "s|^require $2 ||p" "$modules/$1/go.mod"; }

# stamps PACKAGE VERSION [NAME=VALUE...]: flags of the linker that write a version into a program.
stamps() {
  local package=$1 version=$2 flags
  shift 2
  flags="-s -w -X $package=$version"
  for stamp in "$@"; do flags+=" -X ${package%.*}.$stamp"; done
  echo "$flags"
}

# A node that says v0.0.0 as its version is refused by clients that compare versions.
kubernetes=$(version kubernetes k8s.io/kubernetes)
kubernetes_stamps=$(stamps k8s.io/component-base/version.gitVersion "$kubernetes" gitMajor=1 "gitMinor=$(cut -d . -f 2 <<<"$kubernetes")" gitTreeState=clean)
argocd=$(version argocd github.com/argoproj/argo-cd/v3)
argocd_stamps=$(stamps github.com/argoproj/argo-cd/v3/common.version "${argocd#v}" gitTreeState=clean "gitTag=$argocd")

# BINARY MODULE PACKAGE: everything that runs outside of pods.
parts() {
  local part
  for part in kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl; do
    echo "$part kubernetes k8s.io/kubernetes/cmd/$part"
  done
  cat <<'PARTS'
etcd etcd go.etcd.io/etcd/server/v3
argocd argocd github.com/argoproj/argo-cd/v3/cmd
pause pause .
gitserver gitserver .
coredns addons ./coredns
provisioner addons ./provisioner
metrics-server addons sigs.k8s.io/metrics-server/cmd/metrics-server
PARTS
}

# The name of one version of a part: what it is built from, and how.
key() { (cd "$modules/$1" && find . -type f | LC_ALL=C sort | xargs cat && echo "$GOFLAGS" && go env GOVERSION GOARCH) | sha256sum | cut -c 1-12; }
is_there() { [[ -x $bin/$1 && $(cat "$bin/.$1" 2>/dev/null) == "$2" ]]; }

build() {
  local part=$1 module=$2 package=$3 key=$4 flags='-s -w'
  case $module in
    kubernetes) flags=$kubernetes_stamps ;;
    argocd) flags=$argocd_stamps ;;
  esac
  say "$part, from $package"
  (cd "$modules/$module" && ${patiently[@]+"${patiently[@]}"} go build -ldflags "$flags" -o "$bin/$part" "$package")
  echo "$key" >"$bin/.$part"
}

# What Argo CD's module has beside its program: the manifests of an installation, and scripts that it calls.
installation() {
  local module script
  module=$(cd "$modules/argocd" && go list -m -f '{{.Dir}}' github.com/argoproj/argo-cd/v3)
  rm -rf "$cluster/argocd" && mkdir -p "$cluster/argocd/scripts"
  cp "$module/manifests/install.yaml" "$cluster/argocd/$(argocd_version).yaml"
  for script in hack/git-ask-pass.sh hack/git-verify-wrapper.sh hack/gpg-wrapper.sh entrypoint.sh; do
    cp "$module/$script" "$cluster/argocd/scripts/"
  done
  chmod -R u+w "$cluster/argocd"
}

missing=0
[[ ${1-} == --there ]] || { need_go && mkdir -p "$bin"; }
while read -r part module package; do
  key=$(key "$module")
  if is_there "$part" "$key"; then continue; fi
  if [[ ${1-} == --there ]]; then echo "$part is not built" && missing=1 && continue; fi
  build "$part" "$module" "$package" "$key"
done < <(parts)
[[ ${1-} == --there || -f $cluster/argocd/$(argocd_version).yaml ]] || installation
# Six gigabytes of intermediate results, of no use once everything is linked.
if [[ ${1-} != --there ]]; then rm -rf "$GOCACHE"; fi
exit "$missing"
