#!/bin/sh
# Run by the image's entrypoint at the first start of a volume; the server listens on its socket alone by then.
set -eu
DATABASE_URL="postgres://$POSTGRES_USER@localhost/$POSTGRES_DB?host=/var/run/postgresql" api migrate
