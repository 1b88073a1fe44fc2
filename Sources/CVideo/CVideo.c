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

int cvideo_try_fmt(int descriptor, struct v4l2_format *format) {
    return request(descriptor, VIDIOC_TRY_FMT, format);
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

int cvideo_subscribe_event(int descriptor, unsigned int type) {
    struct v4l2_event_subscription subscription = {.type = type};
    return request(descriptor, VIDIOC_SUBSCRIBE_EVENT, &subscription);
}

int cvideo_dqevent(int descriptor, unsigned int *type) {
    struct v4l2_event event = {0};
    int code = request(descriptor, VIDIOC_DQEVENT, &event);
    *type = event.type;
    return code;
}

int cvideo_input_status(int descriptor, unsigned int *status) {
    int index = 0;
    int code = request(descriptor, VIDIOC_G_INPUT, &index);
    if (code != 0) return code;
    struct v4l2_input input = {.index = (unsigned int)index};
    code = request(descriptor, VIDIOC_ENUMINPUT, &input);
    *status = input.status;
    return code;
}

int cvideo_follow_timings(int descriptor) {
    struct v4l2_dv_timings timings = {0};
    int code = request(descriptor, VIDIOC_QUERY_DV_TIMINGS, &timings);
    return code != 0 ? code : request(descriptor, VIDIOC_S_DV_TIMINGS, &timings);
}

struct cvideo_colour cvideo_colour_of(const struct v4l2_format *format, bool is_full) {
    bool is_multi_planar = format->type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
    const struct v4l2_pix_format *single = &format->fmt.pix;
    const struct v4l2_pix_format_mplane *multi = &format->fmt.pix_mp;
    unsigned int space = is_multi_planar ? multi->colorspace : single->colorspace;
    unsigned int encoding = is_multi_planar ? multi->ycbcr_enc : single->ycbcr_enc;
    unsigned int range = is_multi_planar ? multi->quantization : single->quantization;
    if (encoding == V4L2_YCBCR_ENC_DEFAULT) encoding = V4L2_MAP_YCBCR_ENC_DEFAULT(space);
    if (range == V4L2_QUANTIZATION_DEFAULT) range = V4L2_MAP_QUANTIZATION_DEFAULT(is_full, space, encoding);
    struct cvideo_colour colour = {.matrix = 601, .is_full_range = range == V4L2_QUANTIZATION_FULL_RANGE};
    if (encoding == V4L2_YCBCR_ENC_709 || encoding == V4L2_YCBCR_ENC_XV709) colour.matrix = 709;
    if (encoding == V4L2_YCBCR_ENC_BT2020 || encoding == V4L2_YCBCR_ENC_BT2020_CONST_LUM) colour.matrix = 2020;
    return colour;
}
