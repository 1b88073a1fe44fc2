// The V4L2 requests that Swift cannot import: ioctl numbers are function-like macros, and ioctl itself is variadic.
//
// CVideo is a thin shim and holds no state. Each function is one ioctl(2), tried again when a
// signal interrupts it, and returns 0 or an errno. What the requests mean stands in the kernel's media user-space API
// documentation under the names given.

#pragma once

#include <linux/videodev2.h>
#include <stdbool.h>

int cvideo_querycap(int descriptor, struct v4l2_capability *capability);
int cvideo_enum_fmt(int descriptor, struct v4l2_fmtdesc *description);
int cvideo_g_fmt(int descriptor, struct v4l2_format *format);
int cvideo_try_fmt(int descriptor, struct v4l2_format *format);
int cvideo_s_fmt(int descriptor, struct v4l2_format *format);
int cvideo_g_parm(int descriptor, struct v4l2_streamparm *parameters);
int cvideo_s_parm(int descriptor, struct v4l2_streamparm *parameters);
int cvideo_reqbufs(int descriptor, struct v4l2_requestbuffers *buffers);
int cvideo_querybuf(int descriptor, struct v4l2_buffer *buffer);
int cvideo_qbuf(int descriptor, struct v4l2_buffer *buffer);
int cvideo_dqbuf(int descriptor, struct v4l2_buffer *buffer);
int cvideo_streamon(int descriptor, enum v4l2_buf_type type);
int cvideo_streamoff(int descriptor, enum v4l2_buf_type type);
int cvideo_subscribe_event(int descriptor, unsigned int type);

// VIDIOC_DQEVENT: the type of the oldest event that waits.
int cvideo_dqevent(int descriptor, unsigned int *type);

// V4L2_IN_ST_… of the input that is selected, by VIDIOC_G_INPUT and VIDIOC_ENUMINPUT.
int cvideo_input_status(int descriptor, unsigned int *status);

// Takes over the timings of the signal that is there, as HDMI grabbers need before they give a picture:
// VIDIOC_QUERY_DV_TIMINGS, then VIDIOC_S_DV_TIMINGS. ENOTTY and ENODATA where the input has none.
int cvideo_follow_timings(int descriptor);

// How a format's numbers stand for colours: the matrix (601, 709 or 2020) and whether they fill 0…255. What the driver
// leaves open is filled in by the kernel's own rules, which are macros; for `is_full`, RGB among them, by that for RGB.
struct cvideo_colour {
    int matrix;
    bool is_full_range;
};
struct cvideo_colour cvideo_colour_of(const struct v4l2_format *format, bool is_full);
