// glibc's own functions on the heap, which Swift's Glibc module does not show.
#include <malloc.h>
