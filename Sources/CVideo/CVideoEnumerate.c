#include "CVideoEnumerate.h"

#include <errno.h>
#include <sys/ioctl.h>

static int request(int descriptor, unsigned long number, void *argument) {
    while (ioctl(descriptor, number, argument) < 0) {
        if (errno != EINTR) return errno;
    }
    return 0;
}

int cvideo_enum_framesizes(int descriptor, struct v4l2_frmsizeenum *size) {
    return request(descriptor, VIDIOC_ENUM_FRAMESIZES, size);
}

int cvideo_enum_frameintervals(int descriptor, struct v4l2_frmivalenum *interval) {
    return request(descriptor, VIDIOC_ENUM_FRAMEINTERVALS, interval);
}
