#!/usr/bin/env bash
# Brings GitHub's published schemas, which the tests of pull requests hold every request and answer
# against: the REST description and the GraphQL schema, as npm has them, pinned.
set -euo pipefail
cd "$(dirname "$0")/.."
. e2e/tools.sh
. e2e/testtools.sh
. e2e/contract/tools.sh
. e2e/github/tools.sh
need_github_schemas
