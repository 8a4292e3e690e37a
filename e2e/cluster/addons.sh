# shellcheck shell=bash
# What a cluster is not complete without: names, volumes, metrics.

: "${run:?place.sh comes first}" "${bin:?}" "${node:?}" "${node_ip:?}"

start_addons() {
  for file in Corefile addons.yaml; do settings "$file"; done
  kube apply --filename "$run/addons.yaml" >/dev/null
  spawn coredns "$bin/coredns" -conf "$run/Corefile"
  spawn provisioner "$bin/provisioner" -root "$run/volumes" -node "$node" -kubeconfig "$run/admin.conf"
  spawn metrics-server "$bin/metrics-server" --kubeconfig="$run/admin.conf" \
    --authentication-kubeconfig="$run/admin.conf" --authorization-kubeconfig="$run/admin.conf" \
    --bind-address="$node_ip" --secure-port=4443 --tls-cert-file="$run/pki/metrics.crt" --tls-private-key-file="$run/pki/metrics.key" \
    --kubelet-certificate-authority="$run/pki/ca.crt" --kubelet-preferred-address-types=InternalIP --metric-resolution=10s --kubelet-request-timeout=5s
  eventually 30 "names are answered" inside curl -fsS "http://$node_ip:8181/ready"
  eventually 30 "volumes are provided" kube get storageclass standard
}
