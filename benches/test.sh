#!/bin/sh
# The harness's own tests: is a wrong value seen, is a child's work counted, is a seed the same everywhere?
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/setup.sh"
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here exec "$here/.work/venv/bin/python" -m unittest discover --start-directory "$here/tests" "$@"
