#!/bin/sh
# Makes the databases of Threefold and of Temporal, each with an owner that has nothing to do with the other's.
set -eu

own() {
  role=$1
  shift
  psql --username=postgres --set=ON_ERROR_STOP=1 --set=role="$role" --set=password="$(cat "/run/secrets/${role}_password")" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
SQL
  for database in "$@"; do
    psql --username=postgres --set=ON_ERROR_STOP=1 --set=role="$role" --set=database="$database" <<'SQL'
CREATE DATABASE :"database" OWNER :"role";
REVOKE CONNECT ON DATABASE :"database" FROM PUBLIC;
SQL
  done
}

own threefold threefold
own temporal temporal temporal_visibility
