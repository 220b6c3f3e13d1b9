#!/usr/bin/env bash
# Make the two roles of docs/how-to/guard-and-back-up.md in a new database, as its administrator: one owns the
# tables and migrates them, one runs the application and owns nothing. Its rights on the tables are given by the
# first command that has both addresses. Postgres' own image runs this once, on an empty volume
# (deploy/compose.secure.yaml mounts it); elsewhere:
#   POSTGRES_USER=postgres POSTGRES_DB=wurao ROLES_SECRETS=FOLDER deploy/postgres/roles.sh
set -euo pipefail
secrets=${ROLES_SECRETS:-/run/secrets}

# psql reads the passwords itself, so that no list of processes shows them.
psql --no-psqlrc --quiet --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<SQL
\set ON_ERROR_STOP on
\set database $POSTGRES_DB
\set owner \`cat '$secrets/postgres-password-owner'\`
\set app \`cat '$secrets/postgres-password-app'\`
CREATE ROLE wurao_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner';
CREATE ROLE wurao_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app';
ALTER DATABASE :"database" OWNER TO wurao_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO wurao_app;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SQL
