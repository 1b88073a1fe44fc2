#!/bin/sh
# Prints a line for every event, with its time in UTC:
#     08:14:03 front-door parcel-left started p=0.93
# Usage: subscribe.sh [SOCKET]. Needs socat and jq, and ends when the daemon does.
set -eu
socket=${1:-/run/scenewatch/scenewatch.sock}

# ignoreeof: the request is all that is sent, and its end must not end the listening.
echo '{"do":"subscribe","kinds":["event.started","event.ended"]}' |
    socat STDIO,ignoreeof "UNIX-CONNECT:$socket" |
    jq --unbuffered -r '
        if .kind == "event.started" then
            "\(.at[11:19]) \(.camera) \(.trigger) started p=\(.score.probability // "-")"
        elif .kind == "event.ended" then
            "\(.at[11:19]) \(.camera) \(.trigger) ended (\(.reason))"
        elif .lagged then
            "missed messages \(.lagged.from) to \(.lagged.to)"
        elif .error then
            error(.error.message)
        else empty end'
