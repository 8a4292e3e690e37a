# shellcheck shell=bash
# Who is who in the cluster: a certificate for each part, and the file with which it calls the API server.

: "${run:?place.sh comes first}" "${node:?}" "${node_ip:?}" "${service_range:?}"

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

# authority NAME: signs certificates for thirty days.
authority() {
  new_key "$run/pki/$1.key"
  openssl req -x509 -new -key "$run/pki/$1.key" -subj "/CN=$1" -days 30 -out "$run/pki/$1.crt" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,digitalSignature,cRLSign 2>/dev/null
}

# certificate NAME SUBJECT [ALTERNATIVE-NAMES] [AUTHORITY]
certificate() {
  local path=$run/pki/$1 by=$run/pki/${4:-ca}
  new_key "$path.key"
  {
    echo 'extendedKeyUsage=clientAuth,serverAuth'
    echo 'keyUsage=critical,digitalSignature'
    if [[ -n ${3-} ]]; then echo "subjectAltName=$3"; fi
  } >"$path.ext"
  openssl req -new -key "$path.key" -subj "$2" |
    openssl x509 -req -CA "$by.crt" -CAkey "$by.key" -CAcreateserial -days 30 -extfile "$path.ext" -out "$path.crt" 2>/dev/null
}

# access NAME [NAMESPACE]: run/NAME.conf, to call the API server as who the certificate says.
access() {
  cat >"$run/$1.conf" <<EOF
apiVersion: v1
kind: Config
clusters: [{name: e2e, cluster: {server: "https://$node_ip:6443", certificate-authority: $run/pki/ca.crt}}]
users: [{name: $1, user: {client-certificate: $run/pki/$1.crt, client-key: $run/pki/$1.key}}]
contexts: [{name: e2e, context: {cluster: e2e, user: $1, namespace: ${2:-default}}}]
current-context: e2e
EOF
  chmod 600 "$run/$1.conf"
}

issue_keys() {
  authority ca
  authority front
  certificate front-client "/CN=front-client" "" front
  certificate api "/CN=kube-apiserver" \
    "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:$node_ip,IP:${service_range%.*}.1"
  certificate admin "/O=system:masters/CN=admin"
  certificate manager "/CN=system:kube-controller-manager"
  certificate scheduler "/CN=system:kube-scheduler"
  certificate proxy "/CN=system:kube-proxy"
  certificate node "/O=system:nodes/CN=system:node:$node" "DNS:$node,IP:$node_ip"
  certificate metrics "/CN=metrics-server" "DNS:metrics-server.kube-system.svc,IP:$node_ip"
  new_key "$run/pki/accounts.key"
  openssl ec -in "$run/pki/accounts.key" -pubout -out "$run/pki/accounts.pub" 2>/dev/null
  for name in admin manager scheduler proxy node; do access "$name"; done
  for name in registry git-ci git-argocd webhook argocd; do password >"$run/secrets/$name"; done
}
