# Stand-in for redis:8-bookworm: Debian's Redis 7 with the official image's user and folder.
FROM standin/debian:12
RUN groupadd --system --gid 999 redis && useradd --system --gid 999 --uid 999 redis
RUN apt-get update -qq && apt-get install -yqq --no-install-recommends redis-server && rm -rf /var/lib/apt/lists/*
RUN install -d -o redis -g redis /data
WORKDIR /data
VOLUME /data
CMD ["redis-server"]
EXPOSE 6379
