#!/bin/sh
# Shows a notification on the desktop when an event starts, and another when it ends.
#
# Needs notify-send (Debian: libnotify-bin), and a daemon that runs as the user whose desktop it is.
#
#     triggers:
#       - name: parcel-left
#         run: [/usr/local/share/scenewatch/hooks/desktop-notification.sh]
set -eu
trigger=${SCENEWATCH_TRIGGER:?is not set; this is run by scenewatchd}
camera=${SCENEWATCH_CAMERA:?is not set; this is run by scenewatchd}

# A hook does not get the session's variables; this is where systemd puts the bus.
DBUS_SESSION_BUS_ADDRESS=${DBUS_SESSION_BUS_ADDRESS:-unix:path=/run/user/$(id -u)/bus}
export DBUS_SESSION_BUS_ADDRESS

case ${SCENEWATCH_KIND:-} in
    event.started) text="started, probability ${SCENEWATCH_PROBABILITY:-unknown}" ;;
    event.ended) text="ended (${SCENEWATCH_REASON:-no reason given})" ;;
    *) exit 0 ;;
esac
exec notify-send --app-name=Scenewatch --icon=camera-web -- "$trigger on $camera" "$text"
