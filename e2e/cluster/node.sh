# shellcheck shell=bash
# The node: containerd, the kubelet, kube-proxy, and a bridge that the pods hang on.

: "${run:?place.sh comes first}" "${bin:?}" "${node:?}" "${node_ip:?}" "${cluster:?}"

start_node() {
  mkdir -p "$run/cni"
  puller=$(pull_credentials) settings containerd.toml
  for file in kubelet.yaml proxy.yaml cni/bridge.conflist; do settings "$file"; done
  spawn containerd containerd --config "$run/containerd.toml"
  eventually 30 "containerd answers" container version
  container images import "$cluster/images/pause.tar" >/dev/null
  spawn kubelet "$bin/kubelet" --config="$run/kubelet.yaml" --kubeconfig="$run/node.conf" \
    --root-dir="$run/kubelet" --hostname-override="$node" --node-ip="$node_ip"
  spawn kube-proxy "$bin/kube-proxy" --config="$run/proxy.yaml"
  eventually 90 "the node is ready" kube wait --for=condition=Ready "node/$node" --timeout=0
}

container() { ctr --address "$run/containerd.sock" --namespace k8s.io "$@"; }
