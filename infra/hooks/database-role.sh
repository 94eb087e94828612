#!/bin/sh
# After provisioning: makes the app's identity a role of the database. May run any number of times. Takes the deployment's
# outputs and DATABASE_ADMIN_NAME from the environment, a login of the Azure CLI, and psql 16 or newer.
set -eu
PGPASSWORD=$(az account get-access-token --resource-type oss-rdbms --query accessToken --output tsv)
export PGPASSWORD
export PGHOST="${DATABASE_HOST:?is an output of the deployment}"
export PGUSER="${DATABASE_ADMIN_NAME:?names the Entra principal that administers the database}"
export PGSSLMODE=verify-full PGSSLROOTCERT=system PGDATABASE=postgres
psql --no-psqlrc --quiet --output /dev/null --set ON_ERROR_STOP=1 \
    --set role="${IDENTITY_NAME:?is an output of the deployment}" \
    --set oid="${IDENTITY_PRINCIPAL_ID:?is an output of the deployment}" \
    --set database="${DATABASE_NAME:?is an output of the deployment}" \
    --file "$(dirname "$0")/database-role.sql"
echo "The database $DATABASE_NAME knows the role $IDENTITY_NAME."
