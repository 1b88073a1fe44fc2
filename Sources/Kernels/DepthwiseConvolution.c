// Depthwise convolution: one small filter per channel.
//
// A tile of neighbouring output pixels stays in registers while the input rows pass by: every input vector is loaded
// once and used by all outputs of the tile that see it. Channels are taken a vector at a time; where their count is no
// multiple of the vector, the last vector overlaps the one before it and computes some channels again.

#ifndef KERNEL_FILE
#define KERNEL_FILE "DepthwiseConvolution.c"
#include "EachInstructionSet.h"
#else

/// One vector of channels, starting at `c`, of R output rows from `y` on. KH, KW, S (stride), T (outputs side by side in
/// a tile) and R are constants at every call, so that the loops over them unroll and the accumulators live in registers.
ALWAYS_INLINE void KERNEL(depthwise_rows)(const struct depthwise_shape *shape, const float *input, const float *weights,
                                          const float *bias, float *output, int y, int c, int KH, int KW, int S, int T,
                                          int R) {
    const int height = shape->height, width = shape->width, channels = shape->channels;
    const int output_width = (width + S - 1) / S;
    const int top = y * S - (KH - 1) / 2;
    const vec bias_vector = KERNEL(load)(bias + c);

    for (int x = 0; x < output_width; x += T) {
        const int left = x * S - (KW - 1) / 2;
        vec sums[2][8];
        UNROLL for (int r = 0; r < R; r++) {
            UNROLL for (int t = 0; t < T; t++) sums[r][t] = bias_vector;
        }

        UNROLL for (int j = 0; j < (R - 1) * S + KH; j++) {
            const int iy = top + j;
            if (iy < 0 || iy >= height) continue;
            const float *row = input + ((ptrdiff_t)iy * width + left) * channels + c;
            vec taps[2][11];
            UNROLL for (int r = 0; r < R; r++) {
                const int ky = j - r * S;
                if (ky < 0 || ky >= KH) continue;
                const float *from = weights + (ptrdiff_t)ky * KW * channels + c;
                UNROLL for (int kx = 0; kx < KW; kx++) taps[r][kx] = KERNEL(load)(from + kx * channels);
            }
            UNROLL for (int i = 0; i < (T - 1) * S + KW; i++) {
                if (left + i < 0 || left + i >= width) continue;
                const vec value = KERNEL(load)(row + (ptrdiff_t)i * channels);
                UNROLL for (int r = 0; r < R; r++) {
                    const int ky = j - r * S;
                    if (ky < 0 || ky >= KH) continue;
                    UNROLL for (int t = 0; t < T; t++) {
                        const int kx = i - t * S;
                        if (kx >= 0 && kx < KW) sums[r][t] += value * taps[r][kx];
                    }
                }
            }
        }

        UNROLL for (int r = 0; r < R; r++) {
            float *out = output + ((ptrdiff_t)(y + r) * output_width + x) * shape->output_channels + c;
            UNROLL for (int t = 0; t < T; t++) {
                const vec value = shape->gelu ? KERNEL(gelu)(sums[r][t]) : sums[r][t];
                if (x + t < output_width) KERNEL(store)(out + (ptrdiff_t)t * shape->output_channels, value);
            }
        }
    }
}

/// One channel, any window: for pictures with fewer channels than a vector has lanes, and for unusual windows.
static void KERNEL(depthwise_plain)(const struct depthwise_shape *shape, const float *input, const float *weights,
                                    const float *bias, float *output) {
    const int S = shape->stride;
    const int output_height = (shape->height + S - 1) / S, output_width = (shape->width + S - 1) / S;
    for (int y = 0; y < output_height; y++) {
        for (int x = 0; x < output_width; x++) {
            for (int c = 0; c < shape->channels; c++) {
                float sum = bias[c];
                for (int ky = 0; ky < shape->kernel_height; ky++) {
                    const int iy = y * S + ky - (shape->kernel_height - 1) / 2;
                    if (iy < 0 || iy >= shape->height) continue;
                    for (int kx = 0; kx < shape->kernel_width; kx++) {
                        const int ix = x * S + kx - (shape->kernel_width - 1) / 2;
                        if (ix < 0 || ix >= shape->width) continue;
                        sum += input[((ptrdiff_t)iy * shape->width + ix) * shape->channels + c]
                             * weights[(ky * shape->kernel_width + kx) * shape->channels + c];
                    }
                }
                if (shape->gelu) sum = KERNEL(gelu)(KERNEL(splat)(sum))[0];
                output[((ptrdiff_t)y * output_width + x) * shape->output_channels + c] = sum;
            }
        }
    }
}

/// All rows and channels for one window; a function of its own per window, so that each gets its own registers.
#define DEPTHWISE_WINDOW(NAME, KH, KW, S, T, R)                                                                        \
    static void KERNEL(NAME)(const struct depthwise_shape *shape, const float *input, const float *weights,            \
                             const float *bias, float *output) {                                                       \
        const int rows = (shape->height + S - 1) / S, last = shape->channels - LANES;                                  \
        int y = 0;                                                                                                     \
        for (; y + R <= rows; y += R)                                                                                  \
            for (int c = 0; c <= last; c = (c < last && c + LANES > last) ? last : c + LANES)                          \
                KERNEL(depthwise_rows)(shape, input, weights, bias, output, y, c, KH, KW, S, T, R);                    \
        for (; y < rows; y++)                                                                                          \
            for (int c = 0; c <= last; c = (c < last && c + LANES > last) ? last : c + LANES)                          \
                KERNEL(depthwise_rows)(shape, input, weights, bias, output, y, c, KH, KW, S, T, 1);                    \
    }

// Where there are 32 registers, two rows of outputs: each input vector is loaded half as often.
#if LANES == 16 || defined(__aarch64__)
#define TWO_ROWS 2
#else
#define TWO_ROWS 1
#endif
DEPTHWISE_WINDOW(depthwise_3x3, 3, 3, 1, 8, TWO_ROWS)
DEPTHWISE_WINDOW(depthwise_3x3_stride_2, 3, 3, 2, 8, 1)
DEPTHWISE_WINDOW(depthwise_7x7, 7, 7, 1, 8, TWO_ROWS)
DEPTHWISE_WINDOW(depthwise_7x7_stride_2, 7, 7, 2, 4, TWO_ROWS)
DEPTHWISE_WINDOW(depthwise_1x11, 1, 11, 1, 8, 1)

void KERNEL(depthwise)(const struct depthwise_shape *shape, const float *input, const float *weights, const float *bias,
                       float *output) {
    const int KH = shape->kernel_height, KW = shape->kernel_width, S = shape->stride;
    const bool common = KH < 10 && KW < 100 && S < 10;  // so that the digits below cannot mix
    if (shape->channels < LANES || !common) return KERNEL(depthwise_plain)(shape, input, weights, bias, output);
    switch (KH * 1000 + KW * 10 + S) {
    case 3031: return KERNEL(depthwise_3x3)(shape, input, weights, bias, output);
    case 3032: return KERNEL(depthwise_3x3_stride_2)(shape, input, weights, bias, output);
    case 7071: return KERNEL(depthwise_7x7)(shape, input, weights, bias, output);
    case 7072: return KERNEL(depthwise_7x7_stride_2)(shape, input, weights, bias, output);
    case 1111: return KERNEL(depthwise_1x11)(shape, input, weights, bias, output);
    default: return KERNEL(depthwise_plain)(shape, input, weights, bias, output);
    }
}

#undef DEPTHWISE_WINDOW
#undef TWO_ROWS
#endif
