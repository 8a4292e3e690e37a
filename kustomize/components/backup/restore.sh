#!/bin/sh
# Brings back COPY, or the newest copy in /backup: all of it or nothing, in the place of what is there.
set -eu
export PGPASSFILE=/tmp/pgpass
printf 'postgres:5432:app:app:%s\n' "$(cat /run/secrets/postgres_password)" >"$PGPASSFILE"
chmod 600 "$PGPASSFILE"

# shellcheck disable=SC2012
copy=${COPY:-$(ls -r /backup/app-*.dump | head -n 1)}
pg_restore --host=postgres --username=app --dbname=app --clean --if-exists --exit-on-error --single-transaction "$copy"
echo "restored $copy"
