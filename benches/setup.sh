#!/bin/sh
# Installs what the benchmarks compare with, by name and version, into benches/.work.
# Needs git, bash, Go 1.26 or later, Python 3.10 or later with venv, and a package index for each.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$here/.work
bin=$work/bin
mkdir -p "$bin"

for tool in git bash go python3; do
    command -v "$tool" >/dev/null || { echo "setup: \`$tool\` is missing: install it with your package manager" >&2; exit 1; }
done

install_go() { # NAME MODULE@VERSION
    [ -x "$bin/$1" ] || { echo "setup: go install $2" >&2; GOBIN=$bin go install "$2"; }
}

build_go() { # NAME: a program of our own in tools/NAME
    go build -C "$here/tools/$1" -o "$bin/$1" .
}

install_go kustomize sigs.k8s.io/kustomize/kustomize/v5@v5.8.2
install_go yq github.com/mikefarah/yq/v4@v4.50.1
# The newest commit of podinfo that the module mirror has; its releases are not modules. Minutes, so only where it is asked for.
case " $* " in
    *" serve "*) install_go podinfo github.com/stefanprodan/podinfo/cmd/podinfo@v1.8.1-0.20250910200901-e86405a8674e ;;
esac
build_go kyaml
build_go githttp

if ! cmp -s "$here/requirements.txt" "$work/venv/requirements.txt"; then
    echo "setup: pip install -r requirements.txt" >&2
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$work/venv/requirements.txt"
fi
