#include "include/COpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

// From cblas.h: CBLAS_LAYOUT and CBLAS_TRANSPOSE.
enum { row_major = 101, no_transpose = 111, transpose = 112 };

typedef void sgemm(int layout, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a,
                   int lda, const float *b, int ldb, float beta, float *c, int ldc);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;
static const char *description = "not loaded";
static sgemm *multiply;

/// Before main, while there is one thread: changing the environment later would race with every reader of it.
__attribute__((constructor)) static void choose_openblas_kernels(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) setenv("OPENBLAS_CORETYPE", "SKYLAKEX", 0);
#endif
    // The encoder's own threads each take a picture; a second pool inside OpenBLAS would only fight them.
    setenv("OPENBLAS_NUM_THREADS", "1", 0);
}

static void load(void) {
    void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        failure = "OpenBLAS (libopenblas.so.0) cannot be opened; install it with: apt-get install libopenblas0-pthread";
        return;
    }
    multiply = (sgemm *)dlsym(library, "cblas_sgemm");
    if (!multiply) {
        failure = "libopenblas.so.0 has no cblas_sgemm: it is not a build of OpenBLAS with the C interface";
        return;
    }
    void (*set_threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
    if (set_threads) set_threads(1);
    char *(*configuration)(void) = (char *(*)(void))dlsym(library, "openblas_get_config");
    description = configuration ? configuration() : "OpenBLAS";
}

const char *openblas_load(void) {
    pthread_once(&once, load);
    return failure;
}

const char *openblas_description(void) {
    return description;
}

void openblas_multiply(bool transpose_b, int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                       bool accumulate, float *c, int ldc) {
    multiply(row_major, no_transpose, transpose_b ? transpose : no_transpose, m, n, k, 1.0f, a, lda, b, ldb,
             accumulate ? 1.0f : 0.0f, c, ldc);
}
