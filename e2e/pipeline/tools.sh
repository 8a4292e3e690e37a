# shellcheck shell=bash
# What judges and runs workflows here; sourced after testtools.sh.

: "${tools:?tools.sh comes first}"
actionlint_version=1.7.12
pipeline=$tools/pipeline

need_actionlint() {
  if [[ $(actionlint --version 2>/dev/null | head -n 1) == "v$actionlint_version" ]]; then return; fi
  need_go
  GOBIN=$tools/bin go install "github.com/rhysd/actionlint/cmd/actionlint@v$actionlint_version"
}

need_zizmor() {
  if cmp -s e2e/pipeline/requirements.txt "$pipeline/installed"; then return; fi
  need_venv
  python3 -m venv --clear "$pipeline"
  "$pipeline/bin/pip" install --quiet --disable-pip-version-check -r e2e/pipeline/requirements.txt
  cp e2e/pipeline/requirements.txt "$pipeline/installed"
}

need_workflow_tools() {
  need_actionlint
  need_zizmor
}

# The registry, what builds images without a server, and what the scripts of the workflows call.
need_pipeline_tools() {
  need_workflow_tools
  need_registry
  need_github_schemas
  need_packaged jq
  need_packaged buildah
  need_packaged skopeo
  has htpasswd || packages apache2-utils
}
