# shellcheck shell=bash
# Postgres and Redis as their images make them: closed, filled, lasting.

: "${at:?calls.sh comes first}"

sql() { docker compose exec -T postgres psql --username app --dbname app --no-psqlrc --tuples-only --no-align --command "$1"; }
redis() { docker compose exec -T redis redis-cli "$@"; }
state() { sql 'select (select count(*) from records), (select count(*) from users), (select max(installed_on) from _sqlx_migrations)'; }

stores_are_closed_and_filled() {
  local before
  check "redis lets nobody in without a password" refused_by_redis
  check "redis lets nobody in with a wrong password" grep -q WRONGPASS <(redis --user app --pass wrong ping 2>&1)
  check "redis keeps a file of writes" redis_appends
  check "postgres refuses a wrong password" refuses docker compose exec -T -e PGPASSWORD=wrong postgres psql --host postgres --username app --command 'select 1'
  check "postgres has the demo data and the new record" [ "$(sql 'select count(*) from records')" = 4 ]
  before=$(state)
  check "migrate runs again" docker compose run --rm --no-deps -T migrate
  check "migrate changed nothing" [ "$(state)" = "$before" ]
}

refused_by_redis() {
  [[ $(redis hgetall timestamps) == NOAUTH* && $(redis config get dir) == NOAUTH* ]]
}

redis_appends() {
  docker compose exec -T redis sh -c 'cat /data/appendonlydir/*.incr.aof' | grep -q kept
}

# What was written before the end is there after a start.
kept() {
  docker compose up --detach --wait --no-build || return 1
  answers '"name":"kept"' "$at/api/v1/timestamps/kept" &&
    answers '"environment":"e2e"' "$at/api/v1/records"
}

# What was deleted does not come again: the image fills an empty volume and no other.
not_filled_again() {
  sql 'delete from records' && docker compose restart postgres || return 1
  until docker compose exec -T postgres pg_isready --quiet --host=127.0.0.1; do sleep 0.5; done
  [[ $(sql 'select count(*) from records') == 0 ]]
}

# The image alone, without compose: filled by its first start, with demo data only when asked for.
fresh_postgres() {
  check "a fresh postgres answers SELECT" [ "$(alone --env SEED=demo)" = '3|1' ]
  check "without SEED=demo nobody can log in" [ "$(alone)" = '0|0' ]
}

# alone DOCKER-ARGUMENTS...: records and users of a new container.
alone() {
  docker rm --force --volumes app-e2e-alone >/dev/null 2>&1 || true
  docker run --detach --name app-e2e-alone --read-only --cap-drop ALL --tmpfs /tmp --tmpfs /var/run/postgresql:mode=1777 \
    --volume "$PWD/.secrets/postgres_password:/run/secrets/postgres_password:ro" "$@" "app/postgres:$TAG" >/dev/null
  until docker exec app-e2e-alone pg_isready --quiet --host=127.0.0.1; do sleep 0.5; done
  docker exec app-e2e-alone psql --username app --dbname app --no-psqlrc --tuples-only --no-align \
    --command 'select (select count(*) from records), (select count(*) from users)'
  docker rm --force --volumes app-e2e-alone >/dev/null
}
