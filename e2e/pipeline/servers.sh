# shellcheck shell=bash
# A registry with a password and a stand-in for GitHub, for pipeline.sh.

: "${work:?}" "${root:?}" "${python:?}" "${cosign:?}"
servers=()

# A port that was free a moment ago.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start_registry() {
  local port
  port=$(free_port)
  registry=127.0.0.1:$port
  mkdir -p "$work/registry"
  htpasswd -Bbc "$work/registry/htpasswd" ci hushed 2>/dev/null
  htpasswd -Bb "$work/registry/htpasswd" AWS hushed 2>/dev/null
  printf '%s\n' 'version: 0.1' "storage: {filesystem: {rootdirectory: $work/registry/data}}" \
    "http: {addr: '$registry'}" "auth: {htpasswd: {realm: scratch, path: $work/registry/htpasswd}}" >"$work/registry/config.yml"
  docker-registry serve "$work/registry/config.yml" >"$work/registry/log" 2>&1 &
  servers+=($!)
  until curl -s -o /dev/null "http://$registry/v2/"; do sleep 0.1; done
}

# buildah and skopeo keep what they have in the scratch folder, and speak plain HTTP to the registry.
use_registry() {
  mkdir -p "$HOME/.config/containers"
  printf '%s\n' '[[registry]]' "location = \"$registry\"" 'insecure = true' >"$HOME/.config/containers/registries.conf"
  printf '%s\n' '[storage]' 'driver = "vfs"' "graphroot = \"$work/images\"" "runroot = \"$work/run\"" >"$work/storage.conf"
  export CONTAINERS_STORAGE_CONF=$work/storage.conf BUILDAH_ISOLATION=chroot REGISTRY_AUTH_FILE=$PWD/.tools/registry.json DOCKERFILES=e2e/pipeline/images
}

start_forge() {
  mkdir -p "$work/forge"
  "$python" "$root/e2e/pipeline/forge.py" "$work/origin.git" "$work/forge" >"$work/forge/log" 2>&1 &
  servers+=($!)
  until [[ -s $work/forge/port ]]; do sleep 0.1; done
  GITHUB_API_URL=http://127.0.0.1:$(cat "$work/forge/port")
  export GITHUB_API_URL GH_LOG=$work/forge/calls GITHUB_REPOSITORY=example/app
  touch "$GH_LOG"
}

end_servers() {
  kill "${servers[@]}" 2>/dev/null || true
  wait "${servers[@]}" 2>/dev/null || true
}

# stand_ins: the folder of those that are used; cosign only where there is none or no key for it.
stand_ins() {
  mkdir -p "$work/bin"
  cp "$root"/e2e/pipeline/bin/{gh,terraform,aws} "$work/bin"
  if [[ $cosign == stand-in ]]; then cp "$root/e2e/pipeline/bin/cosign" "$work/bin"; fi
  echo "$work/bin"
}
