// COpenBLAS: the one matrix product that the encoder asks of OpenBLAS, and how the library is found.
//
// The library is opened at run time, not linked, for one reason: it chooses its kernels while it loads, from the
// environment, and releases older than the CPU choose badly (0.3.21 takes its AVX2 kernels on a Zen 5, half as fast as
// its AVX-512 ones). So the choice has to be in the environment before it loads.

#ifndef SCENEWATCH_COPENBLAS_H
#define SCENEWATCH_COPENBLAS_H

#include <stdbool.h>

/// Opens OpenBLAS, once. Returns NULL, or in words why it cannot be had. Safe from any thread.
const char *_Nullable openblas_load(void);

/// What the loaded library says of itself ("OpenBLAS 0.3.21 … SkylakeX"), or "not loaded".
const char *_Nonnull openblas_description(void);

/// c = a · b + (accumulate ? c : 0), row-major float32, on the calling thread alone.
/// a: m × k, with `lda` floats from row to row; c: m × n; b: k × n, or n × k where `transpose_b`.
/// `openblas_load` must have succeeded.
void openblas_multiply(bool transpose_b, int m, int n, int k, const float *_Nonnull a, int lda,
                       const float *_Nonnull b, int ldb, bool accumulate, float *_Nonnull c, int ldc);

#endif
