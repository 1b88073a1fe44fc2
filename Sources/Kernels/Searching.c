// What searching embeddings takes: products of a query with packed four-bit codes, with float16 vectors, and of many
// queries with one vector.

#ifndef KERNEL_FILE
#define KERNEL_FILE "Searching.c"
#include "EachInstructionSet.h"
#else

#define vec_short KERNEL(vec_short)
#define vec_word KERNEL(vec_word)
#define vec_short_unaligned KERNEL(vec_short_unaligned)
#define vec_word_unaligned KERNEL(vec_word_unaligned)

typedef int16_t vec_short __attribute__((vector_size(LANES * 4)));
typedef uint16_t vec_word __attribute__((vector_size(LANES * 4)));
typedef int16_t vec_short_unaligned __attribute__((vector_size(LANES * 4), aligned(2), may_alias));
typedef uint16_t vec_word_unaligned __attribute__((vector_size(LANES * 4), aligned(1), may_alias));

/// Products of 16-bit numbers, added in pairs. Which ones make a pair differs between sets; their sum does not.
ALWAYS_INLINE vec_int KERNEL(multiply_pairs)(vec_short a, vec_short b) {
#if defined(__x86_64__) && LANES == 16
    return (vec_int)__builtin_ia32_pmaddwd512(a, b);
#elif defined(__x86_64__) && LANES == 8
    return (vec_int)__builtin_ia32_pmaddwd256(a, b);
#elif defined(__x86_64__)
    return (vec_int)__builtin_ia32_pmaddwd128(a, b);
#else
    const vec_int low = __builtin_convertvector(__builtin_shufflevector(a, a, 0, 1, 2, 3), vec_int)
                      * __builtin_convertvector(__builtin_shufflevector(b, b, 0, 1, 2, 3), vec_int);
    const vec_int high = __builtin_convertvector(__builtin_shufflevector(a, a, 4, 5, 6, 7), vec_int)
                       * __builtin_convertvector(__builtin_shufflevector(b, b, 4, 5, 6, 7), vec_int);
    return low + high;
#endif
}

/// T neighbouring rows, which share every part of the query that is loaded.
ALWAYS_INLINE void KERNEL(nibble_rows)(int width, const uint8_t *codes, const int16_t *query, int32_t *dots, int T) {
    const ptrdiff_t stride = width / 2;
    vec_int sums[4];
    UNROLL for (int t = 0; t < T; t++) sums[t] = (vec_int){};
    for (int chunk = 0; chunk < width; chunk += 128) {
        UNROLL for (int word = 0; word < 32; word += 2 * LANES) {
            const int16_t *parts = query + chunk + word;
            const vec_short first = *(const vec_short_unaligned *)parts;
            const vec_short second = *(const vec_short_unaligned *)(parts + 32);
            const vec_short third = *(const vec_short_unaligned *)(parts + 64);
            const vec_short fourth = *(const vec_short_unaligned *)(parts + 96);
            UNROLL for (int t = 0; t < T; t++) {
                const vec_word packed = *(const vec_word_unaligned *)(codes + t * stride + chunk / 2 + 2 * word);
                sums[t] += KERNEL(multiply_pairs)((vec_short)(packed & 15), first);
                sums[t] += KERNEL(multiply_pairs)((vec_short)(packed >> 4 & 15), second);
                sums[t] += KERNEL(multiply_pairs)((vec_short)(packed >> 8 & 15), third);
                sums[t] += KERNEL(multiply_pairs)((vec_short)(packed >> 12), fourth);
            }
        }
    }
    UNROLL for (int t = 0; t < T; t++) {
        int32_t total = 0;
        for (int i = 0; i < LANES; i++) total += sums[t][i];
        dots[t] = total;
    }
}

void KERNEL(nibble_dots)(int32_t rows, int32_t width, const uint8_t *codes, const int16_t *query, int32_t *dots) {
    const ptrdiff_t stride = width / 2;
    int r = 0;
    for (; r + 4 <= rows; r += 4) KERNEL(nibble_rows)(width, codes + r * stride, query, dots + r, 4);
    for (; r < rows; r++) KERNEL(nibble_rows)(width, codes + r * stride, query, dots + r, 1);
}

/// The codes of a row in the order of the components.
ALWAYS_INLINE void KERNEL(join_nibbles)(int width, const uint8_t *coarse, const uint8_t *fine, int16_t *codes) {
    for (int chunk = 0; chunk < width; chunk += 128) {
        UNROLL for (int word = 0; word < 32; word += 2 * LANES) {
            const vec_word high = *(const vec_word_unaligned *)(coarse + chunk / 2 + 2 * word);
            const vec_word low = *(const vec_word_unaligned *)(fine + chunk / 2 + 2 * word);
            int16_t *parts = codes + chunk + word;
            *(vec_word_unaligned *)parts = (high & 15) << 4 | (low & 15);
            *(vec_word_unaligned *)(parts + 32) = (high & 0xf0) | (low >> 4 & 15);
            *(vec_word_unaligned *)(parts + 64) = (high >> 4 & 0xf0) | (low >> 8 & 15);
            *(vec_word_unaligned *)(parts + 96) = (high >> 8 & 0xf0) | low >> 12;
        }
    }
}

void KERNEL(code_dots)(int32_t rows, int32_t width, const uint8_t *coarse, const uint8_t *fine, int32_t queries,
                       const int16_t *query, int64_t *dots) {
    int16_t codes[4096] __attribute__((aligned(64)));
    const ptrdiff_t stride = width / 2;
    for (int r = 0; r < rows; r++) {
        KERNEL(join_nibbles)(width, coarse + r * stride, fine + r * stride, codes);
        for (int q = 0; q < queries; q++) {
            const int16_t *factors = query + q * (ptrdiff_t)width;
            int64_t total = 0;
            // Of 512 components no set adds up more than 128 in a lane, which cannot overflow.
            for (int chunk = 0; chunk < width; chunk += 512) {
                const int end = width - chunk < 512 ? width : chunk + 512;
                vec_int sums[2] = {};
                for (int i = chunk; i < end; i += 4 * LANES) {
                    UNROLL for (int k = 0; k < 2; k++) {
                        sums[k] += KERNEL(multiply_pairs)(*(const vec_short_unaligned *)(codes + i + 2 * LANES * k),
                                                          *(const vec_short_unaligned *)(factors + i + 2 * LANES * k));
                    }
                }
                const vec_int both = sums[0] + sums[1];
                for (int i = 0; i < LANES; i++) total += both[i];
            }
            dots[r * (ptrdiff_t)queries + q] = total;
        }
    }
}

// Eight at a time in every set, so that the sum has one order everywhere.
#define eight_halves KERNEL(eight_halves)
#define eight_words KERNEL(eight_words)
#define eight_floats KERNEL(eight_floats)
#define eight_floats_unaligned KERNEL(eight_floats_unaligned)
#define eight_doubles KERNEL(eight_doubles)

typedef uint16_t eight_halves __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint32_t eight_words __attribute__((vector_size(32)));
typedef float eight_floats __attribute__((vector_size(32)));
typedef float eight_floats_unaligned __attribute__((vector_size(32), aligned(4), may_alias));
typedef double eight_doubles __attribute__((vector_size(64)));

// The exponent moves by multiplication, which is exact and also right for subnormal numbers.
#define WIDENED(bits)                                                                                                  \
    (eight_floats)((eight_words)((eight_floats)(((bits) & 0x7fff) << 13) * 0x1p112f) | ((bits) & 0x8000) << 16)

static inline float KERNEL(widened)(uint16_t half) {
    const uint32_t bits = (uint32_t)(half & 0x7fff) << 13, sign = (uint32_t)(half & 0x8000) << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    value *= 0x1p112f;
    return sign != 0 ? -value : value;
}

void KERNEL(widen_halves)(int32_t count, const uint16_t *halves, float *floats) {
    int i = 0;
    for (; i + 8 <= count; i += 8) {
        const eight_words bits = __builtin_convertvector(*(const eight_halves *)(halves + i), eight_words);
        *(eight_floats_unaligned *)(floats + i) = WIDENED(bits);
    }
    for (; i < count; i++) {
        uint16_t half;
        memcpy(&half, (const uint8_t *)halves + 2 * (ptrdiff_t)i, sizeof half);
        floats[i] = KERNEL(widened)(half);
    }
}

double KERNEL(half_dot)(int32_t count, const uint16_t *halves, const float *query) {
    eight_doubles sums[4] = {};
    eight_words special = {};
    int i = 0;
    for (; i + 32 <= count; i += 32) {
        UNROLL for (int k = 0; k < 4; k++) {
            const eight_words bits = __builtin_convertvector(*(const eight_halves *)(halves + i + 8 * k), eight_words);
            const eight_floats value = WIDENED(bits);
            special |= (eight_words)((bits & 0x7c00) == 0x7c00);
            const eight_floats other = *(const eight_floats_unaligned *)(query + i + 8 * k);
            sums[k] += __builtin_convertvector(value, eight_doubles) * __builtin_convertvector(other, eight_doubles);
        }
    }
    const eight_doubles all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    double total = 0;
    for (int k = 0; k < 8; k++) total += special[k] != 0 ? __builtin_nan("") : all[k];
    for (; i < count; i++) {
        uint16_t half;
        memcpy(&half, (const uint8_t *)halves + 2 * (ptrdiff_t)i, sizeof half);
        if ((half & 0x7c00) == 0x7c00) return __builtin_nan("");
        total += (double)KERNEL(widened)(half) * (double)query[i];
    }
    return total;
}

#undef WIDENED

#define eight_doubles_unaligned KERNEL(eight_doubles_unaligned)

typedef double eight_doubles_unaligned __attribute__((vector_size(64), aligned(8), may_alias));

// What is added up side by side are different sums, and each product is exact: so each sum is rounded as it would be alone.
void KERNEL(ordered_dots)(int32_t count, int32_t queries, const float *vector, const double *factors, double *dots) {
    for (int start = 0; start < queries; start += 32) {
        eight_doubles sums[4] = {};
        for (int i = 0; i < count; i++) {
            const double *row = factors + i * (ptrdiff_t)queries + start;
            UNROLL for (int k = 0; k < 4; k++) {
                sums[k] += (double)vector[i] * *(const eight_doubles_unaligned *)(row + 8 * k);
            }
        }
        UNROLL for (int k = 0; k < 4; k++) *(eight_doubles_unaligned *)(dots + start + 8 * k) = sums[k];
    }
}
#endif
