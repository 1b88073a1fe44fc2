// The matrix product that nearly all of a network's time goes into, on weights packed in panels.
//
// A panel is the weights of 32 outputs, input by input, so that the loop over the inputs reads it from front to back. A
// tile of rows × one panel stays in registers while inputs pass by; every weight that is loaded serves all rows of the
// tile, every input value all outputs of the panel. Each sum goes over the inputs in the same order whatever rows it is
// computed with, so that a row's result does not depend on the rows beside it.

#ifndef KERNEL_FILE
#define KERNEL_FILE "Product.c"
#include "EachInstructionSet.h"
#else

// Vectors side by side and rows in a tile, so that the sums nearly fill the registers: 28 of 32, 12 of 16.
#define TILE_VECTORS 2
#if LANES == 16 || defined(__aarch64__)
#define TILE_ROWS 14
#else
#define TILE_ROWS 6
#endif
#define TILE_COLUMNS (TILE_VECTORS * LANES)
#define CACHE_LINE 16

// Inputs that pass by before the sums are put down: so much of a panel and of the rows stays in the first cache, and a
// sum of sums is closer to the truth than one long sum.
#define PRODUCT_DEPTH 256
// Floats of weights that all rows meet before the next ones come: so much stays in the second cache.
#define PRODUCT_BLOCK (160 * 1024)

// Inputs that a panel is fetched ahead by; the weights of a picture's last layers come from the third cache or beyond.
#define PRODUCT_AHEAD 24

/// One tile: R rows (a constant at every call) × TILE_COLUMNS outputs over `depth` inputs.
ALWAYS_INLINE void KERNEL(product_tile)(int R, int depth, const float *input, ptrdiff_t input_stride,
                                        const float *panel, bool add, const float *bias, bool gelu, float *output,
                                        ptrdiff_t output_stride, int columns) {
    vec sums[TILE_ROWS][TILE_VECTORS];
    UNROLL for (int r = 0; r < R; r++) {
        UNROLL for (int v = 0; v < TILE_VECTORS; v++) sums[r][v] = (vec){};
    }
    for (int i = 0; i < depth; i++) {
        vec weights[TILE_VECTORS];
        const float *from = panel + (ptrdiff_t)i * PANEL_WIDTH;
        for (int o = 0; o < TILE_COLUMNS; o += CACHE_LINE) __builtin_prefetch(from + PRODUCT_AHEAD * PANEL_WIDTH + o);
        UNROLL for (int v = 0; v < TILE_VECTORS; v++) weights[v] = KERNEL(load)(from + v * LANES);
        UNROLL for (int r = 0; r < R; r++) {
            const vec value = KERNEL(splat)(input[r * input_stride + i]);
            UNROLL for (int v = 0; v < TILE_VECTORS; v++) sums[r][v] += value * weights[v];
        }
    }
    UNROLL for (int r = 0; r < R; r++) {
        UNROLL for (int v = 0; v < TILE_VECTORS; v++) {
            const int left = columns - v * LANES;
            if (left <= 0) break;
            float *to = output + r * output_stride + v * LANES;
            vec sum = sums[r][v];
            if (add) sum += left < LANES ? KERNEL(load_some)(to, left) : KERNEL(load)(to);
            if (bias) sum += KERNEL(load)(bias + v * LANES);
            if (gelu) sum = KERNEL(gelu)(sum);
            if (left < LANES) KERNEL(store_some)(to, sum, left);
            else KERNEL(store)(to, sum);
        }
    }
}

#define PRODUCT_ROWS(R)                                                                                                \
    case R:                                                                                                            \
        KERNEL(product_tile)(R, depth, input, shape->input_stride, panel, add, bias, gelu, output,                     \
                             shape->output_stride, columns);                                                           \
        break;

/// A tile of any count of rows: a copy of the loop for each, with its sums in registers.
static void KERNEL(product_rows)(const struct product_shape *shape, int rows, int depth, const float *input,
                                 const float *panel, bool add, const float *bias, bool gelu, float *output,
                                 int columns) {
    switch (rows) {
        PRODUCT_ROWS(1)
        PRODUCT_ROWS(2)
        PRODUCT_ROWS(3)
        PRODUCT_ROWS(4)
        PRODUCT_ROWS(5)
        PRODUCT_ROWS(6)
#if TILE_ROWS == 14
        PRODUCT_ROWS(7)
        PRODUCT_ROWS(8)
        PRODUCT_ROWS(9)
        PRODUCT_ROWS(10)
        PRODUCT_ROWS(11)
        PRODUCT_ROWS(12)
        PRODUCT_ROWS(13)
        PRODUCT_ROWS(14)
#endif
    }
}

void KERNEL(product)(const struct product_shape *shape, const float *input, const float *panels, const float *bias,
                     float *output) {
    const int rows = shape->rows, inputs = shape->inputs, outputs = shape->outputs;
    // Tiles of nearly equal height: a last one of two rows would load as many weights as a whole one.
    const int tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
    for (int first = 0; first < inputs; first += PRODUCT_DEPTH) {
        const int depth = inputs - first < PRODUCT_DEPTH ? inputs - first : PRODUCT_DEPTH;
        const bool is_first = first == 0, is_last = first + depth == inputs;
        const int together = PRODUCT_BLOCK / (depth * PANEL_WIDTH) * PANEL_WIDTH;
        for (int block = 0; block < outputs; block += together) {
            const int end = outputs - block < together ? outputs : block + together;
            for (int tile = 0, row = 0; tile < tiles; tile++) {
                const int height = (rows - row + tiles - tile - 1) / (tiles - tile);
                for (int column = block; column < end; column += TILE_COLUMNS) {
                    float *to = output + (ptrdiff_t)row * shape->output_stride + column;
                    const float *panel = panels + (ptrdiff_t)(column / PANEL_WIDTH) * inputs * PANEL_WIDTH
                        + (ptrdiff_t)first * PANEL_WIDTH + column % PANEL_WIDTH;
                    KERNEL(product_rows)(shape, height, depth, input + (ptrdiff_t)row * shape->input_stride + first,
                                         panel, !is_first || shape->add, is_last && bias ? bias + column : 0,
                                         is_last && shape->gelu, to, outputs - column);
                }
                row += height;
            }
        }
    }
}

#undef PRODUCT_ROWS
#undef TILE_VECTORS
#undef TILE_ROWS
#undef TILE_COLUMNS
#undef CACHE_LINE
#undef PRODUCT_AHEAD
#undef PRODUCT_DEPTH
#undef PRODUCT_BLOCK
#endif
