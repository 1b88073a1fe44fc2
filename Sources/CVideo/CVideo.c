#include "CVideo.h"

#include <errno.h>
#include <sys/ioctl.h>

static int request(int descriptor, unsigned long number, void *argument) {
    while (ioctl(descriptor, number, argument) < 0) {
        if (errno != EINTR) return errno;
    }
    return 0;
}

int cvideo_querycap(int descriptor, struct v4l2_capability *capability) {
    return request(descriptor, VIDIOC_QUERYCAP, capability);
}

int cvideo_enum_fmt(int descriptor, struct v4l2_fmtdesc *description) {
    return request(descriptor, VIDIOC_ENUM_FMT, description);
}

int cvideo_g_fmt(int descriptor, struct v4l2_format *format) {
    return request(descriptor, VIDIOC_G_FMT, format);
}

int cvideo_s_fmt(int descriptor, struct v4l2_format *format) {
    return request(descriptor, VIDIOC_S_FMT, format);
}

int cvideo_g_parm(int descriptor, struct v4l2_streamparm *parameters) {
    return request(descriptor, VIDIOC_G_PARM, parameters);
}

int cvideo_s_parm(int descriptor, struct v4l2_streamparm *parameters) {
    return request(descriptor, VIDIOC_S_PARM, parameters);
}

int cvideo_reqbufs(int descriptor, struct v4l2_requestbuffers *buffers) {
    return request(descriptor, VIDIOC_REQBUFS, buffers);
}

int cvideo_querybuf(int descriptor, struct v4l2_buffer *buffer) {
    return request(descriptor, VIDIOC_QUERYBUF, buffer);
}

int cvideo_qbuf(int descriptor, struct v4l2_buffer *buffer) {
    return request(descriptor, VIDIOC_QBUF, buffer);
}

int cvideo_dqbuf(int descriptor, struct v4l2_buffer *buffer) {
    return request(descriptor, VIDIOC_DQBUF, buffer);
}

int cvideo_streamon(int descriptor, enum v4l2_buf_type type) {
    int value = (int)type;
    return request(descriptor, VIDIOC_STREAMON, &value);
}

int cvideo_streamoff(int descriptor, enum v4l2_buf_type type) {
    int value = (int)type;
    return request(descriptor, VIDIOC_STREAMOFF, &value);
}
