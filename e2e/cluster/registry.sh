# shellcheck shell=bash
# A registry that lets nobody in without a password.

: "${run:?place.sh comes first}" "${bin:?}" "${registry:?}" "${cluster:?}"

start_registry() {
  mkdir -p "$run/docker" "$run/registry"
  echo "ci:$(hashed "$run/secrets/registry")" >"$run/secrets/registry.users"
  settings registry.yml
  credentials >"$run/docker/config.json"
  spawn registry docker-registry serve "$run/registry.yml"
  eventually 20 "the registry asks who calls" registry_asks
}

hashed() { "$bin/argocd" account bcrypt --password "$(cat "$1")"; }

# As docker, podman and promoter read it; and as containerd does: the node pulls, as one of a cloud's does from its registry.
credentials() { printf '{"auths": {"%s": {"auth": "%s"}}}\n' "$registry" "$(pull_credentials)"; }
pull_credentials() { printf 'ci:%s' "$(cat "$run/secrets/registry")" | base64 -w 0; }

registry_asks() { [[ $(inside curl -s -o /dev/null -w '%{http_code}' "http://$registry/v2/") == 401 ]]; }

# with_credentials COMMAND...
with_credentials() { DOCKER_CONFIG=$run/docker REGISTRY_AUTH_FILE=$run/docker/config.json inside "$@"; }

# digest NAME VERSION: what the registry has under that tag; fails when it has nothing.
digest() {
  with_credentials skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$registry/$1:$2" 2>/dev/null
}

# push NAME VERSION: of .tools/cluster/images.
push() {
  with_credentials skopeo copy --quiet --dest-tls-verify=false "oci:$cluster/images/$1:$2" "docker://$registry/$1:$2"
}
