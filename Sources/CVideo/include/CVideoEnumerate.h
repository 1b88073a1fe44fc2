// The V4L2 requests that ask a device what it offers, in the manner of CVideo.h: each function is one ioctl(2), tried
// again when a signal interrupts it, and returns 0 or an errno. None of them changes anything in the device.

#pragma once

#include <linux/videodev2.h>

int cvideo_enum_framesizes(int descriptor, struct v4l2_frmsizeenum *size);
int cvideo_enum_frameintervals(int descriptor, struct v4l2_frmivalenum *interval);
