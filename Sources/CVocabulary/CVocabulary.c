#include "include/CVocabulary.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t merges[] = {
#embed "bpe_simple_vocab_16e6.txt"
};

const uint8_t *clip_merges(void) {
    return merges;
}

size_t clip_merges_count(void) {
    return sizeof merges;
}
