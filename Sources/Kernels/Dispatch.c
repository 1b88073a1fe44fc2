// Which instruction set runs: asked of the CPU once per call, fastest first.

#include "include/Kernels.h"

#define DECLARE(SET)                                                                                                   \
    void depthwise_##SET(const struct depthwise_shape *, const float *, const float *, const float *, float *);        \
    void product_##SET(const struct product_shape *, const float *, const float *, const float *, float *);            \
    void stem_##SET(int32_t, int32_t, int32_t, const uint8_t *, const float *, const float *, float *, float *);       \
    void scale_gelu_##SET(int32_t, int32_t, const float *, float *);                                                   \
    void column_means_##SET(int32_t, int32_t, const float *, float *);                                                 \
    void layer_norm_##SET(int32_t, int32_t, float, const float *, const float *, const float *, float *);              \
    void softmax_##SET(int32_t, int32_t, float, float *);                                                              \
    void nibble_dots_##SET(int32_t, int32_t, const uint8_t *, const int16_t *, int32_t *);                             \
    void code_dots_##SET(int32_t, int32_t, const uint8_t *, const uint8_t *, int32_t, const int16_t *, int64_t *);      \
    void widen_halves_##SET(int32_t, const uint16_t *, float *);                                                       \
    double half_dot_##SET(int32_t, const uint16_t *, const float *);                                                   \
    void ordered_dots_##SET(int32_t, int32_t, const float *, const double *, double *);                                \
    static const struct kernels SET = {                                                                                \
        #SET,           depthwise_##SET,    stem_##SET,       product_##SET,                                           \
        scale_gelu_##SET, column_means_##SET, layer_norm_##SET, softmax_##SET,                                         \
        nibble_dots_##SET, code_dots_##SET, widen_halves_##SET, half_dot_##SET, ordered_dots_##SET,                    \
    };

#if defined(__x86_64__)
DECLARE(avx512)
DECLARE(avx2)
#endif
DECLARE(portable)

const struct kernels *kernels_at(size_t index) {
    const struct kernels *sets[4] = {0};
    size_t count = 0;
#if defined(__x86_64__)
    // The builtin also asks whether the operating system saves the wide registers.
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl")) {
        sets[count++] = &avx512;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) sets[count++] = &avx2;
#endif
    sets[count++] = &portable;
    return index < count ? sets[index] : 0;
}

const struct kernels *kernels_best(void) {
    return kernels_at(0);
}
