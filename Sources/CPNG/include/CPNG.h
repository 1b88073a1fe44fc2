#ifndef SCENEWATCH_CPNG_H
#define SCENEWATCH_CPNG_H

#include <stddef.h>
#include <stdint.h>

// One function over libpng. It exists because libpng reports errors by longjmp, which must not cross Swift frames:
// every setjmp and longjmp stays inside CPNG.c.

/// Decodes the PNG in `bytes` to 8-bit RGB rows without padding: `pixels` has room for width × height × 3 bytes.
///
/// Grey of 1, 2 and 4 bits is scaled to 8, palettes are looked up, alpha and tRNS are dropped, gamma is left alone.
/// The caller has read `width` and `height` from IHDR; a PNG that turns out to be of another size, or of 16 bits a
/// channel, is an error. Ancillary chunks are skipped unread. Memory beyond `pixels` is a few rows.
///
/// Returns 0, or -1 with a zero-terminated reason in `message`.
int cpng_decode_rgb(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *pixels,
                    char *message, size_t message_capacity);

#endif
