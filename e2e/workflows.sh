#!/usr/bin/env bash
# Two linters and our own rules are pleased with the workflows; each rule is shown to fail.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/check.sh
. e2e/tools.sh
. e2e/testtools.sh
. e2e/pipeline/tools.sh
need_workflow_tools

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=$pipeline/bin/python

lint() { (cd "$1" && actionlint .github/workflows/*.yaml); }
audit() { "$pipeline/bin/zizmor" --offline --quiet --no-progress "$1"; }
rules() { "$python" e2e/pipeline/rules.py "$1"; }

# with FILE SED-SCRIPT CHECK: the check on a copy in which one file is edited, and really is.
with() {
  rm -rf "$work/tree" && mkdir -p "$work/tree/.git" "$work/tree/app"
  cp -R .github test.sh Makefile "$work/tree"
  cp app/toolchains.sh "$work/tree/app"
  sed "$2" "$1" >"$work/tree/$1"
  if cmp -s "$1" "$work/tree/$1"; then echo "$2 changed nothing" && return 0; fi
  "$3" "$work/tree"
}

# breaks NAME FILE SED-SCRIPT CHECK
breaks() {
  check "$1 is found" refuses with ".github/workflows/$2" "$3" "$4"
}

check "actionlint is pleased" lint .
check "zizmor is pleased" audit .
check "our own rules are kept" rules .

breaks "an unknown key" main.yaml 's/needs: parts/need: parts/' lint
breaks "an output that is not there" main.yaml 's/steps.images.outputs/steps.none.outputs/' lint
breaks "text of a stranger in a script" pull-request.yaml 's/"\$TOOLCHAIN"/${{ github.event.pull_request.title }}/' audit
breaks "a credential that is left behind" main.yaml '/persist-credentials/d' audit
breaks "rights that all jobs have" main.yaml 's/^permissions: {}/permissions: write-all/' rules
breaks "an action by its tag" main.yaml 's/@[0-9a-f]* # v4.1.2/@v4/' rules
breaks "a head that tells nothing" main.yaml '/^#/d' rules
breaks "a shell program in a workflow" main.yaml 's/run: .*bump.sh.*/run: git push \&\& true/' rules
breaks "a script that is not there" main.yaml 's/bump.sh/none.sh/' rules
breaks "a gate that is skipped" pull-request.yaml 's/always()/success()/' rules
breaks "a gate that forgets a job" pull-request.yaml 's/\[parts, style, /[parts, /' rules
breaks "a required check with paths" pull-request.yaml 's/^    types: .*/    paths: [app]/' rules
breaks "a job that inherits its rights" recheck.yaml '/^    permissions:/,/^    steps:/{/steps/!d;}' rules
report
