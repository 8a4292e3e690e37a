# Stand-in for nginx:1.28-bookworm: Debian's nginx 1.22 with the official image's user.
FROM standin/debian:12
RUN groupadd --system --gid 101 nginx && useradd --system --gid 101 --uid 101 nginx
RUN apt-get update -qq && apt-get install -yqq --no-install-recommends nginx-light && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled
CMD ["nginx", "-g", "daemon off;"]
STOPSIGNAL SIGQUIT
EXPOSE 80
