#!/bin/sh
# Publishes the event as JSON under scenewatch/CAMERA/TRIGGER.
# Usage: mqtt.sh BROKER [MOSQUITTO_PUB-OPTION…]
#
# Needs mosquitto_pub (Debian: mosquitto-clients). A user and a password belong in its own file, readable by the
# daemon's user alone: ~/.config/mosquitto_pub, with an option a line (mosquitto_pub(1), "Files").
#
#     triggers:
#       - name: parcel-left
#         run: [/usr/local/share/scenewatch/hooks/mqtt.sh, broker.example.org, -p, "8883", --capath, /etc/ssl/certs]
set -eu
broker=${1:?is missing: on which host is the broker?}
shift
trigger=${SCENEWATCH_TRIGGER:?is not set; this is run by scenewatchd}
camera=${SCENEWATCH_CAMERA:?is not set; this is run by scenewatchd}

# -q 1: the broker has to say that it has it. -l: a message for each line that is read, of which there is one.
exec mosquitto_pub -h "$broker" -t "scenewatch/$camera/$trigger" -q 1 -l "$@"
