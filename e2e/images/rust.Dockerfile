# Stand-in for rust:1.95-bookworm: Debian with a C compiler, and a toolchain laid by rustup.
FROM standin/debian:12
RUN apt-get update -qq && apt-get install -yqq --no-install-recommends curl g++ git make && rm -rf /var/lib/apt/lists/*
ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# Crates come from what was copied: a network that asks for certificates of its own would need them in here.
ENV CARGO_NET_OFFLINE=true
COPY rustup /usr/local/rustup
COPY cargo /usr/local/cargo
RUN cd /usr/local/cargo/bin && for name in cargo rustc rustfmt cargo-clippy; do ln -s rustup "$name"; done && cargo --version
