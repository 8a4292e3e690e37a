# shellcheck shell=bash
# The control plane: etcd, the API server, the controllers, the scheduler.

: "${run:?place.sh comes first}" "${bin:?}" "${node_ip:?}" "${service_range:?}"

start_control_plane() {
  start_etcd
  start_api_server
  eventually 120 "the API server is ready" kube get --raw=/readyz
  local config
  for part in manager scheduler; do
    config=(--kubeconfig="$run/$part.conf" --authentication-kubeconfig="$run/$part.conf" --authorization-kubeconfig="$run/$part.conf"
      --leader-elect=false --bind-address=127.0.0.1)
    "start_$part" "${config[@]}"
  done
}

# What it keeps is thrown away with the cluster: no need to wait for the disk.
start_etcd() {
  spawn etcd "$bin/etcd" --name e2e --data-dir "$run/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 \
    --initial-cluster e2e=http://127.0.0.1:2380
}

start_api_server() {
  local pki=$run/pki
  spawn kube-apiserver "$bin/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 \
    --secure-port=6443 --bind-address=0.0.0.0 --advertise-address="$node_ip" --service-cluster-ip-range="$service_range" \
    --tls-cert-file="$pki/api.crt" --tls-private-key-file="$pki/api.key" --client-ca-file="$pki/ca.crt" \
    --kubelet-client-certificate="$pki/admin.crt" --kubelet-client-key="$pki/admin.key" \
    --kubelet-certificate-authority="$pki/ca.crt" --kubelet-preferred-address-types=InternalIP \
    --service-account-key-file="$pki/accounts.pub" --service-account-signing-key-file="$pki/accounts.key" \
    --service-account-issuer=https://kubernetes.default.svc \
    --requestheader-client-ca-file="$pki/front.crt" --requestheader-allowed-names=front-client \
    --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group \
    --requestheader-username-headers=X-Remote-User \
    --proxy-client-cert-file="$pki/front-client.crt" --proxy-client-key-file="$pki/front-client.key" \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --profiling=false
}

start_manager() {
  spawn kube-controller-manager "$bin/kube-controller-manager" "$@" --profiling=false --allocate-node-cidrs=false \
    --root-ca-file="$run/pki/ca.crt" --service-account-private-key-file="$run/pki/accounts.key" --use-service-account-credentials=true \
    --horizontal-pod-autoscaler-sync-period=5s # a new Deployment has one copy until then
}

start_scheduler() {
  spawn kube-scheduler "$bin/kube-scheduler" "$@" --profiling=false
}
