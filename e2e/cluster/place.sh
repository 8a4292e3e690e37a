# shellcheck shell=bash
# Where the parts of the cluster are, and how to get inside; sourced from the root, after tools.sh.
# It lives in namespaces of its own (processes, mounts, network): when the first of its processes dies, all of it is gone.
# shellcheck disable=SC2034 # the files that are sourced later use these

mkdir -p "${tools:?tools.sh comes first}/cluster"
cluster=$(cd "$tools/cluster" && pwd -P)
bin=$cluster/bin
run=$cluster/run
images=$cluster/images
export PATH=$bin:$PATH

node=node1
node_ip=10.211.0.1
service_range=10.96.0.0/16
pod_range=10.244.0.0/24
dns_ip=10.96.0.10
registry=127.0.0.1:5000
git_url=http://$node_ip:3000

is_up() { [[ -f $run/init ]] && kill -0 "$(cat "$run/init")" 2>/dev/null; }

# Two ways in: to call what runs there, and to be one of those who run there.
inside() { nsenter --target "$(cat "$run/init")" --net -- "$@"; }
contained() { nsenter --target "$(cat "$run/init")" --net --mount --pid -- "$@"; }

kube() { inside "$bin/kubectl" --kubeconfig "$run/admin.conf" "$@"; }

# spawn NAME COMMAND...: runs on; what it says is in logs/NAME.
spawn() {
  local name=$1
  shift
  # shellcheck disable=SC2016 # the inner shell expands them
  HOME=$run/home setsid nsenter --target "$(cat "$run/init")" --net --mount --pid -- \
    sh -c 'echo $$ >"$0"; exec "$@"' "$run/pids/$name" "$@" >>"$run/logs/$name" 2>&1 </dev/null 9>&- &
}

# halt NAME: ends one part, which may be spawned again.
halt() {
  local pid
  pid=$(cat "$run/pids/$1")
  contained kill "$pid"
  eventually 20 "$1 ends" refuses contained kill -0 "$pid"
}

# settings FILE: of e2e/cluster/settings, with the values of this cluster and those of who calls, in the run folder.
settings() (
  authority=$(base64 -w 0 "$run/pki/ca.crt")
  export run cluster registry node node_ip pod_range dns_ip git_url authority
  umask 077
  # shellcheck disable=SC2016 # names, not values
  envsubst '$run $cluster $registry $node $node_ip $pod_range $dns_ip $git_url $authority
    $version $puller $hashed $webhook $git_password' <"e2e/cluster/settings/${1##*/}" >"$run/$1"
)

address() { kube --namespace "$1" get service "$2" --output 'jsonpath={.spec.clusterIP}'; }

# How long something took, for people and for the report.
now() { date +%s.%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f", to - from }'; }

# The version of Argo CD that is built and installed.
argocd_version() { sed -n 's|^require github.com/argoproj/argo-cd/v3 v||p' e2e/cluster/tools/argocd/go.mod; }

# take_from_docker NAME:VERSION: one of the images e2e/... into the folder of images; from zstd a node unpacks it in half the time.
take_from_docker() {
  skopeo copy --quiet --dest-compress-format zstd "docker-daemon:e2e/$1" "oci:$images/$1"
  docker rmi --force "e2e/$1" >/dev/null
}
