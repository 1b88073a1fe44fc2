// Operations that treat every row (token) of a matrix alike: layer norm and softmax.

#ifndef KERNEL_FILE
#define KERNEL_FILE "Rows.c"
#include "EachInstructionSet.h"
#else

void KERNEL(layer_norm)(int32_t rows, int32_t columns, float epsilon, const float *weight, const float *bias,
                        const float *input, float *output) {
    const int whole = columns / LANES * LANES;
    for (int r = 0; r < rows; r++) {
        const float *in = input + (ptrdiff_t)r * columns;
        float *out = output + (ptrdiff_t)r * columns;
        vec sums = {};
        for (int c = 0; c < whole; c += LANES) sums += KERNEL(load)(in + c);
        float mean = KERNEL(sum)(sums);
        for (int c = whole; c < columns; c++) mean += in[c];
        mean /= (float)columns;

        // A second pass over the differences: E[x²] − mean² would cancel where the mean is large.
        vec squares = {};
        for (int c = 0; c < whole; c += LANES) {
            const vec difference = KERNEL(load)(in + c) - mean;
            squares += difference * difference;
        }
        float variance = KERNEL(sum)(squares);
        for (int c = whole; c < columns; c++) variance += (in[c] - mean) * (in[c] - mean);
        const float scale = 1.0f / __builtin_sqrtf(variance / (float)columns + epsilon);

        for (int c = 0; c < whole; c += LANES) {
            const vec normal = (KERNEL(load)(in + c) - mean) * scale;
            KERNEL(store)(out + c, normal * KERNEL(load)(weight + c) + KERNEL(load)(bias + c));
        }
        for (int c = whole; c < columns; c++) out[c] = (in[c] - mean) * scale * weight[c] + bias[c];
    }
}

void KERNEL(softmax)(int32_t rows, int32_t columns, float scale, float *matrix) {
    const int whole = columns / LANES * LANES, rest = columns - whole;
    for (int r = 0; r < rows; r++) {
        float *row = matrix + (ptrdiff_t)r * columns;
        float most = row[0];
        for (int c = 1; c < columns; c++) most = row[c] > most ? row[c] : most;

        float total = 0;
        vec sums = {};
        for (int c = 0; c < whole; c += LANES) {
            const vec value = KERNEL(exp)((KERNEL(load)(row + c) - most) * scale);
            KERNEL(store)(row + c, value);
            sums += value;
        }
        total += KERNEL(sum)(sums);
        if (rest > 0) {
            const vec value = KERNEL(exp)((KERNEL(load_some)(row + whole, rest) - most) * scale);
            for (int i = 0; i < rest; i++) total += value[i];
            KERNEL(store_some)(row + whole, value, rest);
        }
        const float share = 1.0f / total;
        for (int c = 0; c < columns; c++) row[c] *= share;
    }
}

#endif
