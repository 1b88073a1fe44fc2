// libv4lconvert, which knows the formats of cameras that nobody else does (Bayer patterns, vendors' own compressions).

#pragma once

#include <libv4lconvert.h>
