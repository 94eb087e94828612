#!/bin/sh
# Is what was deployed at work? Waits until it is ready, looks whether Azure lists every function, then runs one job from its
# POST to its result.
# The pipeline goes on with the conformance suite, which leaves a few small jobs behind.
#   smoke.sh https://<app>.azurewebsites.net        with the key in FUNCTION_KEY, and what missing-functions.sh takes
set -eu
base=${1:?the address of the app}
call() { curl --silent --show-error --max-time 100 --header "x-functions-key: ${FUNCTION_KEY:-}" "$@"; }

# A deployment may be reported before it is live, and a role assignment takes minutes to work.
tries=0
until call --fail --output /dev/null "$base/api/health/ready"; do
    tries=$((tries + 1))
    if [ "$tries" -ge 60 ]; then
        echo "Not ready after ten minutes: $(call "$base/api/health/ready" || true)" >&2
        exit 1
    fi
    sleep 10
done

missing=$(sh "$(dirname "$0")/missing-functions.sh")
if [ -n "$missing" ]; then
    echo "Azure doesn't list these functions, so nothing wakes them: $(echo $missing). Run sync-triggers.sh." >&2
    exit 1
fi

answer=$(call --fail --header 'content-type: application/json' --data '{"rows":[{"n":1},{"n":2},{"n":3}]}' "$base/api/profile")
id=$(printf '%s' "$answer" | sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p')
result=$(call --fail "$base/api/jobs/$id/result?wait=60")
case $result in
*'"rowCount":3'*) echo "Job $id ran." ;;
*)
    echo "Job $id has no result after a minute: $result" >&2
    exit 1
    ;;
esac
