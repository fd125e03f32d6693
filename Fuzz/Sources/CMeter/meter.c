// Counts the bytes that the program holds, by standing before the allocator of the C library.

#include "meter.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <string.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static _Thread_local intptr_t held;
static _Thread_local intptr_t peak;
static _Thread_local intptr_t start;

static void *counted(void *place) {
    if (place != NULL) {
        held += (intptr_t)malloc_usable_size(place);
        if (held > peak) peak = held;
    }
    return place;
}

void phi_meter_begin(void) { start = peak = held; }

size_t phi_meter_peak(void) { return (size_t)(peak - start); }

void *malloc(size_t size) { return counted(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size)); }

void *realloc(void *place, size_t size) {
    intptr_t before = place == NULL ? 0 : (intptr_t)malloc_usable_size(place);
    void *moved = __libc_realloc(place, size);
    if (moved == NULL && size != 0) return NULL;
    held -= before;
    return counted(moved);
}

void *memalign(size_t alignment, size_t size) {
    return counted(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **place, size_t alignment, size_t size) {
    void *found = memalign(alignment, size);
    if (found == NULL) return ENOMEM;
    *place = found;
    return 0;
}

void free(void *place) {
    if (place != NULL) held -= (intptr_t)malloc_usable_size(place);
    __libc_free(place);
}
