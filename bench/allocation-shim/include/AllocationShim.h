#pragma once
#include <stdint.h>

// What AllocationShim writes into the file named by ALLOCATION_SHIM_FILE, in the machine's byte order: a header of 64
// bytes (magic, threads seen), then a slot of 64 bytes for each thread that ever allocated.

#define ALLOCATION_SHIM_MAGIC 0x5041524c4f43531aull
enum { ALLOCATION_SHIM_SLOTS = 1023 };

struct allocation_shim_slot {
    uint64_t thread;       // gettid()
    uint64_t allocations;  // malloc, calloc, realloc, posix_memalign, aligned_alloc, memalign
    uint64_t bytes;        // asked for
    uint64_t reserved[5];
};

struct allocation_shim_file {
    uint64_t magic;
    uint64_t threads;
    uint64_t reserved[6];
    struct allocation_shim_slot slots[ALLOCATION_SHIM_SLOTS];
};
