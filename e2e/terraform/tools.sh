# shellcheck shell=bash
# What the checks of terraform/ need; sourced from the root, after e2e/tools.sh and e2e/testtools.sh.

: "${tools:?tools.sh comes first}"
terraform_version=1.11.4
tflint_version=v0.64.0
terraform_docs_version=v0.21.0
provider_version=6.34.0
providers=${PROVIDERS:-$tools/providers}

need_terraform() {
  if at_least 1.11 "$(terraform version -json 2>/dev/null | jq -r .terraform_version)"; then return; fi
  if has brew; then
    brew install --quiet hashicorp/tap/terraform
  else
    unpack_terraform "terraform_${terraform_version}_linux_$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/').zip"
  fi
}

# unpack_terraform FILE: checked against the sums that are published beside it.
unpack_terraform() {
  local place work
  place=https://releases.hashicorp.com/terraform/$terraform_version
  work=$(mktemp -d)
  need_packaged curl && need_packaged unzip
  curl --proto '=https' -sSfL -o "$work/$1" "$place/$1" -o "$work/sums" "$place/terraform_${terraform_version}_SHA256SUMS"
  (cd "$work" && grep " $1\$" sums | sha256sum --check --quiet) || die "$1 is not what its publisher says"
  mkdir -p "$tools/bin" && unzip -qo "$work/$1" terraform -d "$tools/bin" && rm -r "$work"
}

need_tflint() {
  if [[ $(tflint --version 2>/dev/null | head -n 1) == *"${tflint_version#v}"* ]]; then return; fi
  GOBIN=$tools/bin CGO_ENABLED=0 go install "github.com/terraform-linters/tflint@$tflint_version"
}

need_terraform_docs() {
  if [[ $(terraform-docs --version 2>/dev/null) == *"$terraform_docs_version"* ]]; then return; fi
  (cd e2e/terraform/docs && go build -o "$tools/bin/terraform-docs" \
    -ldflags "-X github.com/terraform-docs/terraform-docs/internal/version.coreVersion=${terraform_docs_version#v}" \
    github.com/terraform-docs/terraform-docs)
}

# Whether some provider for AWS can be had at once: from a folder (PROVIDERS=DIR), or from the registry.
has_provider() {
  use_providers
  (cd terraform && terraform init -backend=false -input=false >/dev/null 2>&1)
}

# Terraform looks into the folder alone when there is one.
use_providers() {
  [[ -d $providers ]] || { unset TF_CLI_CONFIG_FILE && return; }
  printf 'provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' "$providers" >"$tools/terraform.rc"
  export TF_CLI_CONFIG_FILE=$tools/terraform.rc
}

# Where no registry can be reached, the provider is built from its source: about an hour of one core.
need_provider() {
  if has_provider; then return; fi
  local place
  place=$providers/registry.terraform.io/hashicorp/aws/$provider_version/$(go env GOOS)_$(go env GOARCH)
  mkdir -p "$place"
  (cd e2e/terraform/provider && CGO_ENABLED=0 go build -trimpath -o "$place/terraform-provider-aws_v$provider_version" \
    -ldflags "-s -w -X github.com/hashicorp/terraform-provider-aws/version.ProviderVersion=$provider_version" \
    github.com/hashicorp/terraform-provider-aws)
  has_provider || die "the provider was built, and Terraform does not find it in $providers"
}
