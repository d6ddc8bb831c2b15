// Counts the allocations of a process, thread by thread, without that the process knows: preloaded by the load benchmark
// into a gateway (LD_PRELOAD), with ALLOCATION_SHIM_FILE naming the file that the counts are mapped into. A thread writes
// its own slot only; one past the last slot shares it, counted without a race.
//
// With ALLOCATION_SHIM_STACKS, a line for each allocation on a thread named media-… goes into that file as well: the
// offsets of its callers in their modules, innermost first. That is slow, and for looking only: see
// scripts/allocation-stacks.sh.
#define _GNU_SOURCE
#include "AllocationShim.h"

// The tests link this file, and a sanitizer brings an allocator of its own, which must come first.
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static struct allocation_shim_file uncounted;
static struct allocation_shim_file *file = &uncounted;
static __thread struct allocation_shim_slot *mine __attribute__((tls_model("initial-exec")));

static struct allocation_shim_slot *claim(void) {
    uint64_t place = __atomic_fetch_add(&file->threads, 1, __ATOMIC_RELAXED);
    if (place >= ALLOCATION_SHIM_SLOTS) place = ALLOCATION_SHIM_SLOTS - 1;
    struct allocation_shim_slot *slot = &file->slots[place];
    __atomic_store_n(&slot->thread, (uint64_t)syscall(SYS_gettid), __ATOMIC_RELAXED);
    return slot;
}

static int stacks = -1;
static __thread int looking __attribute__((tls_model("initial-exec")));

static void tell_stack(size_t bytes) {
    if (looking) return;
    looking = 1;  // what the unwinder allocates is not told
    char name[16];
    if (prctl(PR_GET_NAME, name) == 0 && strncmp(name, "media-", 6) == 0) {
        void *frames[16];
        int depth = backtrace(frames, 16);
        char line[2048];
        int length = snprintf(line, sizeof line, "%zu", bytes);
        for (int i = 2; i < depth && length < (int)sizeof line - 300; i++) {
            Dl_info about;
            if (!dladdr(frames[i], &about) || !about.dli_fname) continue;
            const char *module = strrchr(about.dli_fname, '/');
            length += snprintf(line + length, 256, " %.80s+0x%zx", module ? module + 1 : about.dli_fname,
                               (size_t)((char *)frames[i] - (char *)about.dli_fbase));
        }
        line[length++] = '\n';
        if (write(stacks, line, (size_t)length) < 0) stacks = -1;
    }
    looking = 0;
}

static void count(size_t bytes) {
    if (!mine) mine = claim();
    if (stacks >= 0) tell_stack(bytes);
    __atomic_fetch_add(&mine->allocations, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&mine->bytes, bytes, __ATOMIC_RELAXED);
}

// Children of the process are not counted: they find neither the shim nor the file.
__attribute__((constructor)) static void start(void) {
    const char *path = getenv("ALLOCATION_SHIM_FILE");
    if (path) {
        int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor >= 0 && ftruncate(descriptor, sizeof *file) == 0) {
            void *mapped = mmap(NULL, sizeof *file, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
            if (mapped != MAP_FAILED) {
                file = mapped;
                file->magic = ALLOCATION_SHIM_MAGIC;
                mine = NULL;
            }
        }
        if (descriptor >= 0) close(descriptor);
    }
    path = getenv("ALLOCATION_SHIM_STACKS");
    if (path) stacks = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    unsetenv("ALLOCATION_SHIM_STACKS");
    unsetenv("LD_PRELOAD");
    unsetenv("ALLOCATION_SHIM_FILE");
}

void *malloc(size_t size) {
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) {
    count(items * size);
    return __libc_calloc(items, size);
}

void *realloc(void *memory, size_t size) {
    count(size);
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    count(size);
    void *made = __libc_memalign(alignment, size);
    if (!made) return ENOMEM;
    *memory = made;
    return 0;
}

#endif
