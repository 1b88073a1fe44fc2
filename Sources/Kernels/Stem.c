// The first layer: a dense 3×3 convolution of stride 2 on the camera's 8-bit RGB, then GELU.
//
// Three padded input rows are widened to float at a time; four output pixels share every weight that is loaded.

#ifndef KERNEL_FILE
#define KERNEL_FILE "Stem.c"
#include "EachInstructionSet.h"
#else

ALWAYS_INLINE void KERNEL(stem_tile)(const float *rows, int row_floats, int channels, const float *weights,
                                     const float *bias, float *output, int x, int c, int T) {
    vec sums[4];
    UNROLL for (int t = 0; t < T; t++) sums[t] = KERNEL(load)(bias + c);
    for (int ky = 0; ky < 3; ky++) {
        UNROLL for (int k = 0; k < 9; k++) {  // three columns of three colours lie side by side
            const vec weight = KERNEL(load)(weights + (ky * 9 + k) * channels + c);
            UNROLL for (int t = 0; t < T; t++) sums[t] += rows[ky * row_floats + (x + t) * 6 + k] * weight;
        }
    }
    UNROLL for (int t = 0; t < T; t++) KERNEL(store)(output + (x + t) * channels + c, KERNEL(gelu)(sums[t]));
}

void KERNEL(stem)(int32_t height, int32_t width, int32_t channels, const uint8_t *input, const float *weights,
                  const float *bias, float *rows, float *output) {
    const int row_floats = 3 * (width + 2);
    const int output_width = width / 2, last = channels - LANES;
    for (int y = 0; y < height / 2; y++) {
        for (int ky = 0; ky < 3; ky++) {
            float *row = rows + ky * row_floats;
            const int iy = 2 * y + ky - 1;
            if (iy < 0 || iy >= height) {
                memset(row, 0, (size_t)row_floats * sizeof(float));
                continue;
            }
            const uint8_t *pixels = input + (ptrdiff_t)iy * width * 3;
            row[0] = row[1] = row[2] = 0;
            row[row_floats - 3] = row[row_floats - 2] = row[row_floats - 1] = 0;
            for (int i = 0; i < 3 * width; i++) row[3 + i] = pixels[i];
        }
        float *out = output + (ptrdiff_t)y * output_width * channels;
        for (int c = 0; c <= last; c = (c < last && c + LANES > last) ? last : c + LANES) {
            int x = 0;
            for (; x + 4 <= output_width; x += 4)
                KERNEL(stem_tile)(rows, row_floats, channels, weights, bias, out, x, c, 4);
            for (; x < output_width; x++)
                KERNEL(stem_tile)(rows, row_floats, channels, weights, bias, out, x, c, 1);
        }
        if (last >= 0) continue;
        for (int x = 0; x < output_width; x++) {  // fewer channels than a vector has lanes
            for (int c = 0; c < channels; c++) {
                float sum = bias[c];
                for (int k = 0; k < 27; k++)
                    sum += rows[k / 9 * row_floats + x * 6 + k % 9] * weights[k * channels + c];
                out[x * channels + c] = KERNEL(gelu)(KERNEL(splat)(sum))[0];
            }
        }
    }
}

#endif
