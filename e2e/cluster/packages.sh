# shellcheck shell=bash
# The programs that the cluster takes from Debian; after tools.sh and testtools.sh.

# PROGRAM PACKAGE
cluster_programs='containerd containerd
runc runc
docker docker.io
docker-registry docker-registry
skopeo skopeo
iptables iptables
ip iproute2
jq jq
hey hey
openssl openssl
envsubst gettext-base
curl curl'

missing_packages() {
  local program package
  while read -r program package; do
    has "$program" || echo "$package"
  done <<<"$cluster_programs"
  [[ -x /usr/lib/cni/bridge ]] || echo containernetworking-plugins
}

need_cluster_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  [[ ${#missing[@]} -eq 0 ]] || packages "${missing[@]}"
}
