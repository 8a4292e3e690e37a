# shellcheck shell=bash
# What e2e/contract.sh needs; sourced after testtools.sh.

: "${tools:?tools.sh comes first}"
node_version=22.20.0
export PATH="$tools/node/bin:$PATH"
venv=$tools/contract
modules=e2e/contract/node_modules

# From 20.19 on the linters run; an older one of the system is left alone.
need_node() {
  if at_least 20.19 "$(node --version 2>/dev/null | tr -d v)" && has npm; then return; fi
  if has brew; then
    packages node
  elif at_least 20.19 "$(apt-cache policy nodejs | sed -n 's/ *Candidate: *//p')"; then
    packages nodejs npm
  else
    unpack_node "$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')"
  fi
}

# unpack_node MACHINE
unpack_node() {
  has curl || packages curl ca-certificates
  mkdir -p "$tools/node"
  curl --proto '=https' -sSfL "https://nodejs.org/dist/v$node_version/node-v$node_version-linux-$1.tar.gz" |
    tar -xz --strip-components=1 -C "$tools/node"
}

# As locked, and without running what packages want to run.
need_linters() {
  if cmp -s e2e/contract/package-lock.json "$modules/installed"; then return; fi
  npm ci --prefix e2e/contract --ignore-scripts --no-audit --no-fund
  cp e2e/contract/package-lock.json "$modules/installed"
}

need_schemathesis() {
  if cmp -s e2e/contract/requirements.txt "$venv/installed"; then return; fi
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r e2e/contract/requirements.txt
  cp e2e/contract/requirements.txt "$venv/installed"
}

need_contract_tools() {
  need_packaged curl
  need_packaged chromium
  need_servers
  need_venv
  need_node
  need_linters
  need_schemathesis
}
