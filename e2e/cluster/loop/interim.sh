# shellcheck shell=bash
# Until the program `api secrets` is there, its Job is taken out, and this makes what it would have made.

: "${run:?}" "${environments[@]:?}"

has_secrets_command() { grep -qi 'secrets' app/src/cli.rs; }

without_secrets_job() { has_secrets_command || sed -i '/components\/local-secrets$/d' "$1"/environments/*/api/kustomization.yaml; }

make_secrets() {
  local environment
  if has_secrets_command; then return; fi
  for environment in "${environments[@]}"; do
    eventually 60 "the namespace $environment" kube get namespace "$environment"
    make_secrets_of "$environment" "$(openssl rand -hex 24)" "$(openssl rand -hex 24)" "$(openssl rand -hex 24)"
  done
}

make_secrets_of() {
  kube --namespace "$1" create secret generic postgres --from-literal "password=$2" --from-literal "url=postgres://app:$2@postgres/app"
  kube --namespace "$1" create secret generic redis --from-literal "url=redis://app:$3@redis" \
    --from-literal "users=$(printf 'user default off\nuser app on >%s ~timestamps +@hash +@scripting -@dangerous +@connection +info\n' "$3")
"
  kube --namespace "$1" create secret generic smoke --from-literal "token=$4"
}
