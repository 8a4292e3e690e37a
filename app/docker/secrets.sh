#!/usr/bin/env bash
# Makes the secrets of compose.yaml in .secrets/, which git does not know; what is there stays as it is.
set -euo pipefail
cd "$(dirname "$0")/../.."
umask 077
mkdir -p .secrets

word() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }

# keep FILE COMMAND...: what the command prints, unless the file is there.
# Users of containers differ, so each may read the file; the folder lets only its owner in.
keep() {
  if [[ -e .secrets/$1 ]]; then return; fi
  "${@:2}" >".secrets/$1.new"
  chmod 444 ".secrets/$1.new"
  mv ".secrets/$1.new" ".secrets/$1"
}

keep postgres_password word
keep database_url printf 'postgres://app:%s@postgres/app' "$(<.secrets/postgres_password)"
keep redis_password word
keep redis_url printf 'redis://app:%s@redis' "$(<.secrets/redis_password)"
keep redis_users printf '%s\n' 'user default off' \
  "user app on #$(printf %s "$(<.secrets/redis_password)" | sha256) ~timestamps +@hash +@scripting -@dangerous +@connection +info"
