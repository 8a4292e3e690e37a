# What Argo CD's own image has, as far as manifests of kustomize need it.
ARG BASE=debian:12-slim
FROM ${BASE}
RUN apt-get update -qq && \
    apt-get install -yqq --no-install-recommends ca-certificates git git-lfs gpg gpg-agent openssh-client tini && \
    rm -rf /var/lib/apt/lists/* /usr/share/doc
RUN groupadd --gid 999 argocd && useradd --system --uid 999 --gid argocd --create-home argocd && \
    mkdir -p /app/config/ssh /app/config/tls /app/config/gpg/source /app/config/gpg/keys && \
    chown argocd /app/config/gpg/keys && chmod 700 /app/config/gpg/keys && touch /app/config/ssh/ssh_known_hosts
COPY entrypoint.sh git-verify-wrapper.sh gpg-wrapper.sh git-ask-pass.sh kustomize argocd /usr/local/bin/
RUN for name in server repo-server cmp-server application-controller dex notifications applicationset-controller k8s-auth commit-server; do \
      ln -s argocd "/usr/local/bin/argocd-$name"; \
    done
ENV USER=argocd
USER 999
WORKDIR /home/argocd
ENTRYPOINT ["/usr/bin/tini", "--"]
