#!/bin/sh
# After a deployment: has Azure read the app's triggers, again and again, until it lists every function. Without it Flex Consumption
# may list nothing but its own WarmUp, until somebody presses Refresh in the Portal. One call is too few: while the first instance
# starts, it fails or finds nothing. Takes what missing-functions.sh takes.
set -eu
folder=$(dirname "$0")
app=$(az functionapp show ${AZURE_SUBSCRIPTION_ID:+--subscription "$AZURE_SUBSCRIPTION_ID"} \
    --resource-group "${AZURE_RESOURCE_GROUP:?is an output of the deployment}" \
    --name "${FUNCTION_APP_NAME:?is an output of the deployment}" \
    --query id --output tsv)

tries=0
while :; do
    tries=$((tries + 1))
    az rest --method post --url "$app/host/default/sync?api-version=2025-03-01" --output none || echo "The triggers could not be read at try $tries." >&2
    missing=$(sh "$folder/missing-functions.sh" || echo "any: the list could not be read")
    if [ -z "$missing" ]; then
        echo "Azure lists every function of $FUNCTION_APP_NAME."
        exit 0
    fi
    if [ "$tries" -ge 30 ]; then
        echo "After $tries tries Azure doesn't list these functions of $FUNCTION_APP_NAME: $(echo $missing). See in its log stream whether it starts, then run this again." >&2
        exit 1
    fi
    sleep 10
done
