FROM redis:8-bookworm
ENTRYPOINT ["redis-server"]
