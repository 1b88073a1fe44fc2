// How weights are laid out for `product`.

#include "include/Kernels.h"

size_t panel_floats(int32_t inputs, int32_t outputs) {
    return (size_t)((outputs + PANEL_WIDTH - 1) / PANEL_WIDTH) * PANEL_WIDTH * (size_t)inputs;
}

void pack_panels(int32_t inputs, int32_t outputs, const float *weights, ptrdiff_t input_stride, ptrdiff_t output_stride,
                 float *panels) {
    for (int32_t first = 0; first < outputs; first += PANEL_WIDTH) {
        const int32_t width = outputs - first < PANEL_WIDTH ? outputs - first : PANEL_WIDTH;
        for (int32_t i = 0; i < inputs; i++) {
            const float *from = weights + first * output_stride + i * input_stride;
            for (int32_t o = 0; o < width; o++) panels[o] = from[o * output_stride];
            for (int32_t o = width; o < PANEL_WIDTH; o++) panels[o] = 0;
            panels += PANEL_WIDTH;
        }
    }
}
