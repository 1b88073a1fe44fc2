#define _GNU_SOURCE  // environ
#include "include/COpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// From cblas.h: CBLAS_LAYOUT and CBLAS_TRANSPOSE.
enum { row_major = 101, no_transpose = 111, transpose = 112 };

typedef void sgemm(int layout, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a,
                   int lda, const float *b, int ldb, float beta, float *c, int ldc);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;
static const char *description = "not loaded";
static sgemm *multiply;

/// Opens the library with `environ` extended by our choices, where the user has made none.
///
/// The library reads them while it loads. The array is swapped in one store, before and after, and never freed: other
/// threads may be reading the environment. A constructor that calls setenv would be simpler, and breaks a statically
/// linked Swift runtime, which finds the program's arguments by walking back from the `environ` that exec left.
static void *open_with_choices(const char *name) {
    char **before = environ;
    size_t count = 0;
    while (before[count]) count++;
    char **extended = calloc(count + 3, sizeof *extended);
    if (!extended) return dlopen(name, RTLD_NOW | RTLD_LOCAL);
    memcpy(extended, before, count * sizeof *extended);
#if defined(__x86_64__)
    if (!getenv("OPENBLAS_CORETYPE") && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"))
        extended[count++] = "OPENBLAS_CORETYPE=SKYLAKEX";
#endif
    // The encoder's own threads each take a picture; a second pool inside OpenBLAS would only fight them.
    if (!getenv("OPENBLAS_NUM_THREADS")) extended[count++] = "OPENBLAS_NUM_THREADS=1";
    environ = extended;
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    environ = before;
    return library;
}

static void load(void) {
    void *library = open_with_choices("libopenblas.so.0");
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
