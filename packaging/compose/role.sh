#!/bin/sh
# Run once, by PostgreSQL's container as it makes the database: the role that nodes work as. `migrate` says what it may.
set -eu
psql -v ON_ERROR_STOP=1 -q -U "$POSTGRES_USER" -d "$POSTGRES_DB" \
  -v password="$(cat "${NODE_PASSWORD_FILE:-/run/secrets/node_password}")" <<'SQL'
CREATE ROLE hotclock LOGIN PASSWORD :'password' CONNECTION LIMIT 100;
SQL
