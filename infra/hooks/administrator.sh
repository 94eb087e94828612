#!/bin/sh
# Before azd provisions: whoever is logged in to the Azure CLI becomes the database's administrator.
set -eu
azd env set DATABASE_ADMIN_NAME "$(az account show --query user.name --output tsv)"
case $(az account show --query user.type --output tsv) in
user) azd env set DATABASE_ADMIN_TYPE User ;;
*) azd env set DATABASE_ADMIN_TYPE ServicePrincipal ;;
esac
