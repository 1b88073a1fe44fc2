// Kernels: the vector loops behind MobileCLIP and the search, in C, one file per operation.
//
// They know pictures and matrices, not models: no file here names a layer of a network. Every operation exists once as
// source and is compiled for each instruction set in EachInstructionSet.h; `kernels_best` chooses at run time.
//
// Layout everywhere: float32, channels last. A picture is [height][width][channels], a matrix [rows][columns], dense.
// No operation allocates, and none needs aligned pointers (though rows that start on 64 bytes are faster).

#ifndef SCENEWATCH_KERNELS_H
#define SCENEWATCH_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// A depthwise convolution: one filter per channel, zero padding of (kernel - 1) / 2 on every side.
struct depthwise_shape {
    int32_t height, width, channels;
    int32_t kernel_height, kernel_width;  // odd
    int32_t stride;                       // 1 or more; the output is ceil(size / stride)
    int32_t output_channels;              // floats between two neighbouring output pixels, at least `channels`
    bool gelu;                            // apply GELU to the result
};

/// A product of a matrix with weights in panels.
struct product_shape {
    int32_t rows, inputs, outputs;
    int32_t input_stride, output_stride;  // floats from row to row
    bool gelu;                            // apply GELU to the result, the exact one: absolute error at most 1e-6
    bool add;                             // add the result to what stands in the output; not with `gelu`
};

/// How many outputs stand side by side in a panel.
#define PANEL_WIDTH 32

struct kernels {
    /// "avx512", "avx2" or "portable".
    const char *name;

    /// output[y][x][c] = bias[c] + sum over the window of input · weights, optionally GELU.
    /// weights: [kernel_height][kernel_width][channels]. Input and output must not overlap.
    void (*depthwise)(const struct depthwise_shape *shape, const float *input, const float *weights,
                      const float *bias, float *output);

    /// A dense 3×3 convolution of stride 2 on 8-bit RGB, padding 1, then GELU: the first layer.
    /// input: [height][width][3], both even; weights: [3][3][3][channels] (row, column, colour), already divided by
    /// 255; output: [height / 2][width / 2][channels]; rows: scratch of 3 · 3 · (width + 2) floats.
    void (*stem)(int32_t height, int32_t width, int32_t channels, const uint8_t *input, const float *weights,
                 const float *bias, float *rows, float *output);

    /// output[r][o] = sum over i of input[r][i] · weight[o][i], plus bias[o] where `bias` is given.
    /// panels: from pack_panels; bias: as many floats as the panels have outputs. Input and output must not overlap.
    void (*product)(const struct product_shape *shape, const float *input, const float *panels,
                    const float *_Nullable bias, float *output);

    /// matrix[r][c] = gelu(matrix[r][c] · scale[c]): what squeeze-and-excite does with its gates.
    void (*scale_gelu)(int32_t rows, int32_t columns, const float *scale, float *matrix);

    /// means[c] = mean over the rows of matrix[r][c].
    void (*column_means)(int32_t rows, int32_t columns, const float *matrix, float *means);

    /// Each row normalised to mean 0 and variance 1 (biased, plus epsilon), times weight plus bias.
    void (*layer_norm)(int32_t rows, int32_t columns, float epsilon, const float *weight, const float *bias,
                       const float *input, float *output);

    /// Softmax of scale · row, in place, row by row.
    void (*softmax)(int32_t rows, int32_t columns, float scale, float *matrix);

    /// dots[r] = sum over the components of code · query, where codes are 0 … 15: exact.
    /// width: a multiple of 128, at most 4096; each row has width / 2 bytes. Of 128 components, the 16-bit word j has
    /// the components j, 32 + j, 64 + j and 96 + j, from its lowest bits on.
    void (*nibble_dots)(int32_t rows, int32_t width, const uint8_t *codes, const int16_t *query, int32_t *dots);

    /// dots[r * queries + q] = the sum of code · query q, where a code is 16 times its coarse four bits and its fine ones:
    /// exact. Codes are packed as for nibble_dots; query has the components of all queries, one query after the other.
    void (*code_dots)(int32_t rows, int32_t width, const uint8_t *coarse, const uint8_t *fine, int32_t queries,
                      const int16_t *query, int64_t *dots);

    /// floats[i] = halves[i], as IEEE 754 binary16; exact, for finite numbers. Any alignment.
    void (*widen_halves)(int32_t count, const uint16_t *halves, float *floats);

    /// The sum of halves · query in double precision: the same bits in every set. NaN where a half is not finite. Any
    /// alignment.
    double (*half_dot)(int32_t count, const uint16_t *halves, const float *query);

    /// dots[q] = the sum over i of vector[i] · factors[i * queries + q], added up in the order of i in double precision:
    /// the same bits in every set, and as one after the other. queries: a multiple of 32; factors: of float32 precision.
    void (*ordered_dots)(int32_t count, int32_t queries, const float *vector, const double *factors, double *dots);
};

/// The floats that a matrix of weights takes in panels.
size_t panel_floats(int32_t inputs, int32_t outputs);

/// Lays a matrix out for `product`: panels of PANEL_WIDTH outputs, [input][output] in each, zeros behind the last output.
/// Its strides are the floats from one input, and one output, to the next. panels: `panel_floats` of them.
void pack_panels(int32_t inputs, int32_t outputs, const float *weights, ptrdiff_t input_stride, ptrdiff_t output_stride,
                 float *panels);

/// The fastest set that this CPU runs.
const struct kernels *kernels_best(void);

/// The sets that this CPU runs, fastest first; NULL at and past their count. For tests, which hold them to each other.
const struct kernels *_Nullable kernels_at(size_t index);

#pragma clang assume_nonnull end
#endif
