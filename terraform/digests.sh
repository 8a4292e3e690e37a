#!/usr/bin/env bash
# digests.sh ENVIRONMENT: what the environment runs, by digest, as git says it; the variable `digests` of terraform/fargate.
set -euo pipefail

[[ $# -eq 1 ]] || { echo "usage: terraform/digests.sh ENVIRONMENT" >&2 && exit 2; }
promoter status -o json | jq --exit-status --arg environment "$1" '
  [.services[]
    | select(.service == "api" or .service == "auth")
    | .service as $service
    | .environments[$environment].versions[]?
    | select(.image == $service)
    | if .version.digest then {($service): .version.digest}
      else error("\($environment) names \($service) by tag alone: promoter bump \($environment) \($service)=TAG@DIGEST") end]
  | add
  | if has("api") and has("auth") then {digests: .} else error("\($environment) names no api or no auth") end'
