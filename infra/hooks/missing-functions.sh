#!/bin/sh
# Prints the functions of functions.txt that Azure doesn't list, one a line. What it doesn't list, it doesn't scale: queues and
# timers of such a function stay unheard. Takes the deployment's outputs from the environment, and a login of the Azure CLI.
set -eu
folder=$(dirname "$0")
listed=$(az functionapp function list ${AZURE_SUBSCRIPTION_ID:+--subscription "$AZURE_SUBSCRIPTION_ID"} \
    --resource-group "${AZURE_RESOURCE_GROUP:?is an output of the deployment}" \
    --name "${FUNCTION_APP_NAME:?is an output of the deployment}" \
    --query '[].name' --output tsv)

# Azure names them app/function.
while read -r function; do
    printf '%s\n' "$listed" | grep -q -x -e "$function" -e ".*/$function" || printf '%s\n' "$function"
done < "$folder/functions.txt"
