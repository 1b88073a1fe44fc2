#!/bin/sh
# Sends a message when an event starts, and another when it ends, with the event as JSON in it.
# Usage: email.sh TO [FROM]
#
# Needs a sendmail: that of a mail server, or of msmtp (Debian: msmtp-mta), set up for the daemon's user.
#
#     triggers:
#       - name: parcel-left
#         run: [/usr/local/share/scenewatch/hooks/email.sh, me@example.org]
set -eu
to=${1:?is missing: to whom shall the message go?}
from=${2:-}
trigger=${SCENEWATCH_TRIGGER:?is not set; this is run by scenewatchd}
camera=${SCENEWATCH_CAMERA:?is not set; this is run by scenewatchd}

case ${SCENEWATCH_KIND:-} in
    event.started) what=started ;;
    event.ended) what=ended ;;
    *) exit 0 ;;
esac
event=$(cat)

# Where sendmail is, and not every PATH leads.
PATH=$PATH:/usr/sbin:/usr/lib
if command -v sendmail >/dev/null; then
    sendmail=sendmail
elif command -v msmtp >/dev/null; then
    sendmail=msmtp
else
    echo "there is no sendmail and no msmtp" >&2
    exit 1
fi

# -i: a line with only a dot does not end the message. -t: it goes to whom the header names.
{
    if [ -n "$from" ]; then printf 'From: %s\n' "$from"; fi
    printf 'To: %s\n' "$to"
    printf 'Subject: %s on %s %s\n' "$trigger" "$camera" "$what"
    printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n'
    printf 'Auto-Submitted: auto-generated\n\n'
    printf '%s on %s %s at %s.\n\n%s\n' "$trigger" "$camera" "$what" "${SCENEWATCH_AT:-an unknown time}" "$event"
} | "$sendmail" -i -t
