# shellcheck shell=bash
# What e2e/manifests.sh needs; sourced after testtools.sh.

: "${tools:?tools.sh comes first}"
kubeconform_version=v0.8.0
kube_score_version=v1.20.0
promtool_package=prometheus
sources=$tools/manifests/sources
manifests_python=$tools/manifests/venv/bin/python

# need_go_tool NAME MODULE@VERSION: built into .tools/bin, anew when the version is another.
need_go_tool() {
  local mark=$tools/manifests/$1
  if has "$1" && [[ $(cat "$mark" 2>/dev/null) == "$2" ]]; then return; fi
  GOBIN=$tools/bin go install "$2"
  mkdir -p "$tools/manifests"
  echo "$2" >"$mark"
}

# The mirror of Go modules, first of those that go asks.
module_mirror() {
  go env GOPROXY | sed 's/[,|].*//'
}

# source_file NAME MODULE VERSION PATH SUM: one file of a module, without unpacking the others.
source_file() {
  if printf '%s  %s\n' "$5" "$sources/$1" | sha256sum --check --status 2>/dev/null; then return; fi
  local work
  work=$(mktemp -d)
  curl -sSfL "$(module_mirror)/$2/@v/$3.zip" -o "$work/module.zip"
  python3 - "$work/module.zip" "$2@$3/$4" >"$work/file" <<'PYTHON'
import sys, zipfile
sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))
PYTHON
  printf '%s  %s\n' "$5" "$work/file" | sha256sum --check --status || die "$2@$3 holds another $4 than expected"
  mkdir -p "$sources"
  mv "$work/file" "$sources/$1"
  rm -r "$work"
}

need_sources() {
  local name module version path sum
  while read -r name module version path sum; do
    source_file "$name" "$module" "$version" "$path" "$sum"
  done < <(grep -v '^#' e2e/manifests/sources.txt)
}

need_manifests_python() {
  if cmp -s e2e/manifests/requirements.txt "$tools/manifests/installed"; then return; fi
  python3 -m venv "$tools/manifests/venv"
  "$manifests_python" -m pip install --quiet --disable-pip-version-check -r e2e/manifests/requirements.txt
  cp e2e/manifests/requirements.txt "$tools/manifests/installed"
}

# Its web server is not wanted, only promtool.
need_promtool() {
  if has promtool; then return; fi
  if has brew; then packages prometheus; else packages "$promtool_package"; fi
}

need_manifests_tools() {
  need_packaged curl
  need_kustomize
  need_go_tool kubeconform "github.com/yannh/kubeconform/cmd/kubeconform@$kubeconform_version"
  need_go_tool kube-score "github.com/zegl/kube-score/cmd/kube-score@$kube_score_version"
  need_venv
  need_manifests_python
  need_sources
}

need_alert_tools() {
  need_packaged curl
  need_venv
  need_manifests_python
  need_promtool
}
