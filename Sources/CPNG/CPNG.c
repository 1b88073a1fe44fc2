#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

struct source {
    const uint8_t *next;
    size_t left;
    char *message;
    size_t message_capacity;
};

static void read_bytes(png_structp png, png_bytep destination, size_t count) {
    struct source *source = png_get_io_ptr(png);
    if (count > source->left) {
        png_error(png, "it ends early");
    }
    memcpy(destination, source->next, count);
    source->next += count;
    source->left -= count;
}

static void fail(png_structp png, png_const_charp reason) {
    struct source *source = png_get_error_ptr(png);
    snprintf(source->message, source->message_capacity, "%s", reason);
    png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp reason) {
    (void)png;
    (void)reason;
}

int cpng_decode_rgb(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *pixels,
                    char *message, size_t message_capacity) {
    struct source source = {bytes, count, message, message_capacity};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, fail, ignore_warning);
    if (png == NULL) {
        snprintf(message, message_capacity, "libpng could not be started (out of memory, or another version)");
        return -1;
    }
    // volatile: read after a longjmp.
    png_infop volatile info = NULL;
    if (setjmp(png_jmpbuf(png))) {
        png_infop made = info;
        png_destroy_read_struct(&png, &made, NULL);
        return -1;
    }
    info = png_create_info_struct(png);
    if (info == NULL) {
        png_error(png, "out of memory");
    }
    png_set_read_fn(png, &source, read_bytes);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    // Text, colour profiles and the like are never inflated: they cannot be bombs, and cost nothing.
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_read_info(png, info);
    if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height) {
        png_error(png, "its header changed while it was read");
    }
    if (png_get_bit_depth(png, info) > 8) {
        png_error(png, "it has 16 bits a channel");
    }
    // Expanding a palette would turn tRNS into alpha; stripping alpha cancels that, so that only colours remain.
    png_set_palette_to_rgb(png);
    if (png_get_color_type(png, info) == PNG_COLOR_TYPE_GRAY) {
        png_set_expand_gray_1_2_4_to_8(png);
    }
    png_set_gray_to_rgb(png);
    png_set_strip_alpha(png);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != (size_t)width * 3) {
        png_error(png, "its pixels do not become RGB");
    }
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t row = 0; row < height; row++) {
            png_read_row(png, pixels + (size_t)row * width * 3, NULL);
        }
    }
    png_read_end(png, NULL);
    png_infop made = info;
    png_destroy_read_struct(&png, &made, NULL);
    return 0;
}
