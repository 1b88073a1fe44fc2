// The vector type of one instruction set, and the few functions on it that have no operator.
// Included once per set by EachInstructionSet.h, hence no include guard.

#define vec KERNEL(vec)
#define vec_int KERNEL(vec_int)
#define vec_unaligned KERNEL(vec_unaligned)

typedef float vec __attribute__((vector_size(LANES * 4)));
typedef int32_t vec_int __attribute__((vector_size(LANES * 4)));
typedef float vec_unaligned __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

ALWAYS_INLINE vec KERNEL(load)(const float *p) {
    return *(const vec_unaligned *)p;
}

ALWAYS_INLINE void KERNEL(store)(float *p, vec v) {
    *(vec_unaligned *)p = v;
}

ALWAYS_INLINE vec KERNEL(splat)(float x) {
    return x - (vec){};  // not plus, which makes +0 of −0, and so an addition
}

/// The first `count` floats, zeros behind them: for the end of a row.
ALWAYS_INLINE vec KERNEL(load_some)(const float *p, int count) {
#if LANES == 16
    return (vec)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
#else
    float lanes[LANES] = {0};
    memcpy(lanes, p, (size_t)count * sizeof(float));
    return KERNEL(load)(lanes);
#endif
}

ALWAYS_INLINE void KERNEL(store_some)(float *p, vec v, int count) {
#if LANES == 16
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)v);
#else
    float lanes[LANES];
    KERNEL(store)(lanes, v);
    memcpy(p, lanes, (size_t)count * sizeof(float));
#endif
}

ALWAYS_INLINE float KERNEL(sum)(vec v) {
    float total = 0;
    for (int i = 0; i < LANES; i++) total += v[i];
    return total;
}

/// 0.5 / x for normal x.
ALWAYS_INLINE vec KERNEL(half_over)(vec x) {
#if LANES == 16
    // One of Newton's steps makes 28 bits of the estimate's 14, whose last ones are the processor's own.
    const vec estimate = (vec)_mm512_rcp14_ps((__m512)x);
    return estimate * (1.0f - 0.5f * x * estimate);
#else
    return 0.5f / x;
#endif
}

/// GELU with the exact normal distribution: x · Φ(x) = max(x, 0) − |x| · Φ(−|x|).
///
/// Φ(−a) = ½ · p(a)^−16, where p is a polynomial of degree 7 fitted for the smallest error of a · Φ(−a) on [0, 7].
/// This form has no cancellation in the tails. Largest absolute error over all floats, with float32 rounding: 3.4e-7.
ALWAYS_INLINE vec KERNEL(gelu)(vec x) {
    vec a = __builtin_elementwise_min(__builtin_elementwise_abs(x), KERNEL(splat)(12.0f));
    vec p = KERNEL(splat)(8.168545946318773e-07f);
    p = p * a + -2.0731781660288107e-06f;
    p = p * a + 7.478499173885211e-05f;
    p = p * a + -5.147643150849035e-06f;
    p = p * a + 3.3132999669760466e-03f;
    p = p * a + 2.112751640379429e-02f;
    p = p * a + 4.9869097769260406e-02f;
    p = p * a + 1.0f;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    return __builtin_elementwise_max(x, KERNEL(splat)(0.0f)) - a * KERNEL(half_over)(p);
}

/// e^x for x ≤ 0 (softmax's arguments): relative error about 2e-7; 0 below −87.
ALWAYS_INLINE vec KERNEL(exp)(vec x) {
    x = __builtin_elementwise_max(x, KERNEL(splat)(-87.0f));
    // Adding 1.5 · 2^23 leaves the nearest whole number in the low bits of the mantissa.
    vec shifted = x * 1.44269504f + 12582912.0f;
    vec n = shifted - 12582912.0f;
    vec r = x - n * 0.693359375f;  // ln 2 in two parts: the first has few bits, so that the product is exact
    r = r - n * -2.12194440e-4f;
    vec p = KERNEL(splat)(1.0f / 5040);
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    vec_int power = ((vec_int)shifted << 23) + (127 << 23);
    vec result = p * (vec)power;
    vec_int far = x <= -87.0f;
    return (vec)((vec_int)result & ~far);
}

