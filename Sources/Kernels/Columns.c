// Operations that treat every column (channel) of a matrix alike: gates and means.

#ifndef KERNEL_FILE
#define KERNEL_FILE "Columns.c"
#include "EachInstructionSet.h"
#else

void KERNEL(scale_gelu)(int32_t rows, int32_t columns, const float *scale, float *matrix) {
    const int whole = columns / LANES * LANES, rest = columns - whole;
    for (int r = 0; r < rows; r++) {
        float *row = matrix + (ptrdiff_t)r * columns;
        for (int c = 0; c < whole; c += LANES)
            KERNEL(store)(row + c, KERNEL(gelu)(KERNEL(load)(row + c) * KERNEL(load)(scale + c)));
        if (rest == 0) continue;
        vec product = KERNEL(load_some)(row + whole, rest) * KERNEL(load_some)(scale + whole, rest);
        KERNEL(store_some)(row + whole, KERNEL(gelu)(product), rest);
    }
}

void KERNEL(column_means)(int32_t rows, int32_t columns, const float *matrix, float *means) {
    const float share = 1.0f / (float)rows;
    int c = 0;
    for (; c + LANES <= columns; c += LANES) {
        vec sum = {};
        for (int r = 0; r < rows; r++) sum += KERNEL(load)(matrix + (ptrdiff_t)r * columns + c);
        KERNEL(store)(means + c, sum * share);
    }
    for (; c < columns; c++) {
        float sum = 0;
        for (int r = 0; r < rows; r++) sum += matrix[(ptrdiff_t)r * columns + c];
        means[c] = sum * share;
    }
}

#endif
