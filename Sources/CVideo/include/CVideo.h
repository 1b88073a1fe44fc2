// The V4L2 requests that Swift cannot import: ioctl numbers are function-like macros, and ioctl itself is variadic.
//
// CVideo is a thin shim and holds no state. Each function is one ioctl(2), tried again when a
// signal interrupts it, and returns 0 or an errno. What the requests mean stands in the kernel's media user-space API
// documentation under the names given.

#pragma once

#include <linux/videodev2.h>

int cvideo_querycap(int descriptor, struct v4l2_capability *capability);
int cvideo_enum_fmt(int descriptor, struct v4l2_fmtdesc *description);
int cvideo_g_fmt(int descriptor, struct v4l2_format *format);
int cvideo_s_fmt(int descriptor, struct v4l2_format *format);
int cvideo_g_parm(int descriptor, struct v4l2_streamparm *parameters);
int cvideo_s_parm(int descriptor, struct v4l2_streamparm *parameters);
int cvideo_reqbufs(int descriptor, struct v4l2_requestbuffers *buffers);
int cvideo_querybuf(int descriptor, struct v4l2_buffer *buffer);
int cvideo_qbuf(int descriptor, struct v4l2_buffer *buffer);
int cvideo_dqbuf(int descriptor, struct v4l2_buffer *buffer);
int cvideo_streamon(int descriptor, enum v4l2_buf_type type);
int cvideo_streamoff(int descriptor, enum v4l2_buf_type type);
