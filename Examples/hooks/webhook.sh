#!/bin/sh
# Posts the event as JSON to an address; to ntfy, a line of text that a telephone can show.
# Usage: webhook.sh URL [json|ntfy] [CURL-OPTION…]
#
# Needs curl. What looks like ntfy's address is taken for it; "ntfy" says so of a server of your own.
#
#     triggers:
#       - name: parcel-left
#         run: [/usr/local/share/scenewatch/hooks/webhook.sh, https://ntfy.sh/mytopic]
#
# A token belongs in a file, since everybody can read the arguments of a program that runs. With a line like
# `header = "Authorization: Bearer …"` in webhook.conf, readable by the daemon's user alone:
#
#         run: [/usr/local/share/scenewatch/hooks/webhook.sh, https://example.org/events, json,
#               --config, /etc/scenewatch/webhook.conf]
set -eu
url=${1:?is missing: whereto shall the event be posted?}
shift
case ${1:-} in
    json | ntfy)
        form=$1
        shift
        ;;
    *)
        case $url in
            http://ntfy.* | https://ntfy.*) form=ntfy ;;
            *) form=json ;;
        esac
        ;;
esac

# Twice more when it fails in passing, and over well before the daemon ends it.
post() {
    curl --silent --show-error --fail --output /dev/null --proto =http,https --max-time 8 --retry 2 --retry-delay 1 \
        --retry-max-time 16 --data-binary @- "$@" --url "$url"
}

if [ "$form" = json ]; then
    post --header 'Content-Type: application/json' "$@"
else
    case ${SCENEWATCH_KIND:-} in
        event.started) text="started, probability ${SCENEWATCH_PROBABILITY:-unknown}" ;;
        event.ended) text="ended (${SCENEWATCH_REASON:-no reason given})" ;;
        *) text=${SCENEWATCH_KIND:-something has happened} ;;
    esac
    printf '%s' "$text" |
        post --header "Title: ${SCENEWATCH_TRIGGER:-Scenewatch} on ${SCENEWATCH_CAMERA:-a camera}" "$@"
fi
