#!/bin/sh
# One copy of the whole database in /backup; under its name only when it is complete. The newest seven are kept.
set -eu
export PGPASSFILE=/tmp/pgpass
printf 'postgres:5432:app:app:%s\n' "$(cat /run/secrets/postgres_password)" >"$PGPASSFILE"
chmod 600 "$PGPASSFILE"

copy=/backup/app-$(date -u +%Y%m%dT%H%M%SZ).dump
pg_dump --host=postgres --username=app --dbname=app --format=custom --file="$copy.part"
pg_restore --list "$copy.part" >/dev/null
mv "$copy.part" "$copy"
rm -f /backup/*.part
# The names hold nothing but letters, digits and hyphens, and sort by time.
# shellcheck disable=SC2012
ls -r /backup/app-*.dump | tail -n +8 | xargs -r rm --
echo "wrote $copy"
