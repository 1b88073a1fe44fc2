#!/bin/sh
# Records some seconds of video when an event starts, into FOLDER/EVENT.mkv.
# Usage: save-clip.sh SOURCE FOLDER [SECONDS]
#
# Needs ffmpeg, and a folder that the daemon's user may write to. SOURCE is an address (rtsp://…, http://…), a file, or
# a V4L2 device; not the very device that the daemon watches, which gives pictures to one program at a time. SECONDS, 10
# unless said otherwise, must be fewer than the hook's timeout.
#
#     triggers:
#       - name: parcel-left
#         run: [/usr/local/share/scenewatch/hooks/save-clip.sh, rtsp://camera.example.org/stream, /srv/clips, "20"]
set -eu
source=${1:?is missing: what shall be recorded?}
folder=${2:?is missing: whereto shall it be saved?}
seconds=${3:-10}
[ "${SCENEWATCH_KIND:-}" = event.started ] || exit 0

# It becomes the name of a file.
event=${SCENEWATCH_EVENT:?is not set; this is run by scenewatchd}
case $event in
    *[!0-9A-Za-z-]*)
        echo "\"$event\" is no id of an event" >&2
        exit 1
        ;;
esac

# What comes encoded is kept as it is. Matroska can be played even when the recording was cut off.
case $source in
    /dev/*) set -- -f v4l2 -i "$source" -c:v libx264 -preset ultrafast -pix_fmt yuv420p ;;
    rtsp://* | rtsps://*) set -- -rtsp_transport tcp -i "$source" -c copy ;;
    *) set -- -i "$source" -c copy ;;
esac
# With exec, being told to end reaches ffmpeg, which then finishes the file.
exec ffmpeg -nostdin -hide_banner -loglevel error -y "$@" -t "$seconds" -f matroska "$folder/$event.mkv"
