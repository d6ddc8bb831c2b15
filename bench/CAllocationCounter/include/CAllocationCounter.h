#pragma once
#include <stdint.h>

/// Calls of malloc, calloc, realloc, posix_memalign and aligned_alloc in this process so far.
uint64_t parley_allocations(void);
