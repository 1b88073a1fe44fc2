// CVocabulary: the merges of CLIP's byte-pair tokenizer, as bytes of the program itself.
//
// Embedded rather than installed beside the program, so that a tokenizer can neither be missing nor be another one.

#ifndef SCENEWATCH_CVOCABULARY_H
#define SCENEWATCH_CVOCABULARY_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// A comment line, then 48,894 lines of two symbols with a space between them, in order of rank; UTF-8.
const uint8_t *clip_merges(void);
/// How many bytes they are.
size_t clip_merges_count(void);

#pragma clang assume_nonnull end
#endif
