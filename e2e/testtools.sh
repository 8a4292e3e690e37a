# shellcheck shell=bash
# The further tools that the tests need; sourced after tools.sh.

: "${tools:?tools.sh comes first}"
kustomize_version=v5.8.2
cargo_deny_version=0.20.2
go_version=1.26.8
registry_version=v3.1.2

need_packaged() {
  has "$1" || packages "$1"
}

# From Go 1.21 on, go fetches the version that a module asks for; older ones come from go.dev.
need_go() {
  if at_least 1.21 "$(go env GOVERSION 2>/dev/null | sed 's/^go//')"; then return; fi
  if has apt-get && at_least 1.21 "$(apt-cache policy golang-go | sed -n 's/ *Candidate: *[0-9]*://p')"; then
    packages golang-go
  elif has brew; then
    packages go
  else
    unpack_go "$(uname -s | tr '[:upper:]' '[:lower:]')" "$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')"
  fi
}

# unpack_go SYSTEM MACHINE
unpack_go() {
  has curl || packages curl ca-certificates
  mkdir -p "$tools"
  curl --proto '=https' -sSfL "https://go.dev/dl/go$go_version.$1-$2.tar.gz" | tar -xz -C "$tools"
}

need_kustomize() {
  if [[ $(kustomize version 2>/dev/null) == "$kustomize_version" ]]; then return; fi
  GOBIN=$tools/bin go install "sigs.k8s.io/kustomize/kustomize/v5@$kustomize_version"
}

need_cargo_deny() {
  if [[ $(cargo deny --version 2>/dev/null) == *" $cargo_deny_version" ]]; then return; fi
  cargo install cargo-deny --locked --force --version "$cargo_deny_version"
}

# Debian's python3 comes without what makes a virtual environment.
need_venv() {
  if python3 -c 'import ensurepip, venv' 2>/dev/null; then return; fi
  if has brew; then packages python3; else packages python3-venv; fi
}

# The servers that the app's tests start; Debian keeps Postgres's programs off the PATH.
need_servers() {
  if has brew; then
    has redis-server || packages redis
    has initdb || packages postgresql@15
  else
    need_packaged redis-server
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || packages postgresql
  fi
}

# The registry of images that promoter's tests start; Homebrew has none, but Go can build one.
need_registry() {
  if has docker-registry; then return; fi
  if has apt-get; then
    packages docker-registry
  else
    GOBIN=$tools/bin go install "github.com/distribution/distribution/v3/cmd/registry@$registry_version"
    ln -sf registry "$tools/bin/docker-registry"
  fi
}

# strace kills a promotion at each of its system calls; there is none on macOS, nor the test.
need_test_tools() {
  need_packaged shellcheck
  need_go
  need_kustomize
  need_venv
  need_cargo_deny
  need_servers
  need_registry
  need_packaged curl
  if [[ $(uname) == Linux ]]; then need_packaged strace; fi
}
