// Includes KERNEL_FILE once for every instruction set, so that each operation is written once.
//
// A kernel file sees: LANES, the number of floats in a `vec`; the type `vec`; and KERNEL(name), which gives a function
// a name of its own per set. Arithmetic is written with the plain operators: clang turns them, and `a * b + c` into a
// fused multiply-add, into the set's instructions.

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "include/Kernels.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define JOIN_NAMES(a, b) a##_##b
#define JOIN(a, b) JOIN_NAMES(a, b)
#define KERNEL(name) JOIN(name, INSTRUCTION_SET)

#pragma STDC FP_CONTRACT ON

#if defined(__x86_64__)

#define INSTRUCTION_SET avx512
#define LANES 16
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#include "Vector.h"
#include KERNEL_FILE
#pragma clang attribute pop
#undef INSTRUCTION_SET
#undef LANES

#define INSTRUCTION_SET avx2
#define LANES 8
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "Vector.h"
#include KERNEL_FILE
#pragma clang attribute pop
#undef INSTRUCTION_SET
#undef LANES

#endif

// Whatever the compiler's baseline has: SSE2 on x86-64, NEON with fused multiply-add on aarch64.
#define INSTRUCTION_SET portable
#define LANES 4
#include "Vector.h"
#include KERNEL_FILE
#undef INSTRUCTION_SET
#undef LANES
