#!/usr/bin/env bash
# smoke.sh STACK: calls what the stack serves, as a client does; whole, or, without stores, what answers without them.
set -euo pipefail
cd "$(dirname "$0")/.."
. terraform/stack.sh

# answers STATUS METHOD PATH...: of one call.
answers() {
  local status
  status=$(curl -sS -o /dev/null -w '%{http_code}' --max-time 10 -X "$2" "$url$3")
  [[ $status == "$1" ]] || die "$2 $3 answered $status instead of $1"
  echo "ok - $2 $3: $status"
}

stateless() {
  for path in / /hello /healthz /version /openapi.json /docs/; do answers 200 GET "$path"; done
  for path in /readyz /api/v1/records /api/v1/timestamps; do answers 503 GET "$path"; done
  answers 401 POST /jobs
}

case ${1:-} in
  fargate) url=${URL:-$(output fargate url)} ;;
  *) url=${URL:?the address of an ingress: make smoke STACK=$1 URL=...} ;;
esac
if [[ ${1:-} == fargate && ${DATA_STORE:-$(output fargate data_store)} == none ]]; then
  stateless
  if [[ $url != *127.0.0.1* ]]; then answers 404 GET /metrics; fi
else
  exec cargo run --locked --quiet --package app --bin api -- smoke "$url"
fi
