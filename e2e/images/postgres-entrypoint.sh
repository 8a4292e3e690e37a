#!/bin/bash
# What the official image does at a first start, as its documentation tells it: initdb, a server on the socket alone,
# the scripts of /docker-entrypoint-initdb.d, then the server itself; with data there, the server alone.
set -euo pipefail
if [[ $1 != postgres ]]; then exec "$@"; fi
if [[ $(id -u) -eq 0 ]]; then exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"; fi
if [[ ! -s $PGDATA/PG_VERSION ]]; then
  export POSTGRES_USER=${POSTGRES_USER:-postgres}
  export POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
  POSTGRES_PASSWORD=${POSTGRES_PASSWORD:-$(<"$POSTGRES_PASSWORD_FILE")}
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --auth-local=trust --auth-host=scram-sha-256
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl --options="-c listen_addresses=''" --wait start
  [[ $POSTGRES_DB == postgres ]] || createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sh) "$script" ;;
      *.sql) psql --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --no-psqlrc --set=ON_ERROR_STOP=1 --file="$script" ;;
    esac
  done
  pg_ctl --mode=fast --wait stop
fi
exec "$@" -c listen_addresses='*'
