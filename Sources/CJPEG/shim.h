#ifndef SCENEWATCH_CJPEG_SHIM_H
#define SCENEWATCH_CJPEG_SHIM_H

// libjpeg-turbo's TurboJPEG API in its 2.x form (tj*), which 3.x keeps.
#include <turbojpeg.h>

#endif
