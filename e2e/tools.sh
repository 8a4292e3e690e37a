# shellcheck shell=bash
# Installs by the system's package manager, and the tools that every machine needs for a build.
# Sourced from the root of the repository; `need_x` returns when x is there.

tools=$PWD/.tools
export PATH="$tools/bin:$tools/go/bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

say() { printf '\n== %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null; }
as_root() { if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo "$@"; fi; }

# at_least WANTED VERSION: whether the version is the wanted one or newer.
at_least() {
  [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]
}

# packages NAME...: from apt or Homebrew.
packages() {
  if has apt-get; then
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -yqq --no-install-recommends "$@" >/dev/null
  elif has brew; then
    brew install --quiet "$@"
  else
    die "neither apt-get nor brew is here: install $* and run this again"
  fi
}

need_c_compiler() {
  if has cc; then return; fi
  if [[ $(uname) == Darwin ]]; then
    xcode-select --install || true
    die "run this again when the command line tools are installed"
  fi
  packages gcc libc6-dev
}

# The version of Rust that rust-toolchain.toml names; rustup fetches it when cargo is first called.
need_rust() {
  local wanted
  wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  if has cargo && at_least "$wanted" "$(cargo --version | cut -d ' ' -f 2)"; then return; fi
  if has apt-get && [[ -n $(apt-cache show rustup 2>/dev/null) ]]; then
    packages rustup
  else
    has curl || packages curl ca-certificates
    curl --proto '=https' --tlsv1.2 -sSf https://static.rust-lang.org/rustup/rustup-init.sh | sh -s -- -y --no-modify-path --default-toolchain none
  fi
  cargo --version || die "rustup is installed, but not Rust $wanted"
}
