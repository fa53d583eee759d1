#!/bin/sh
# Brings Temporal's two databases to the schema of this image's version; run again, it changes nothing.
set -eu

schema() {
  database=$1
  folder=/etc/temporal/schema/postgresql/v12/$2/versioned
  tool="temporal-sql-tool --plugin $DB --ep $POSTGRES_SEEDS --port $DB_PORT --user $POSTGRES_USER --db $database"
  # a database without any schema has no version to update from
  $tool update-schema -d "$folder" || { $tool setup-schema -v 0.0 && $tool update-schema -d "$folder"; }
}

schema temporal temporal
schema temporal_visibility visibility
