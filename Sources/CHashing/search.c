#include "rounds.h"
#include "search.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

static uint32_t read_word(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

#if defined(__x86_64__)
static bool has_sha_ni(void) {
    unsigned a, b, c, d;
    __builtin_cpu_init();
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1) != 0 &&
        __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3");
}

static bool has_avx512(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}

static bool has_avx2(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2");
}
#endif

// The loop of a kind, or NULL where this build or this processor does not have it.
static phi_search_loop loop_of(phi_search_kind kind) {
    switch (kind) {
    case PHI_SEARCH_SCALAR:
        return phi_search_scalar;
#if defined(__x86_64__)
    case PHI_SEARCH_AVX512:
        return has_avx512() ? phi_search_avx512 : NULL;
    case PHI_SEARCH_SHA_NI:
        return has_sha_ni() ? phi_search_sha_ni : NULL;
    case PHI_SEARCH_AVX2:
        return has_avx2() ? phi_search_avx2 : NULL;
    case PHI_SEARCH_SSE2:
        return phi_search_sse2;
#elif defined(__aarch64__)
    case PHI_SEARCH_NEON:
        return phi_search_neon;
#endif
    default:
        return NULL;
    }
}

bool phi_search_is_available(phi_search_kind kind) {
    return loop_of(kind) != NULL;
}

bool phi_search(
    phi_search_kind kind,
    const uint8_t *prefix,
    size_t prefix_count,
    const uint8_t *tail,
    const uint8_t *target,
    uint64_t start,
    uint64_t count,
    uint64_t *nonce
) {
    const phi_search_loop loop = loop_of(kind);
    if (loop == NULL) {
        return false;
    }
    phi_search_task task = {.block = {[7] = 0x80000000}};
    for (int i = 0; i < 8; i++) {
        task.midstate[i] = phi_initial_state[i];
        task.target[i] = read_word(target + 4 * i);
    }
    for (size_t offset = 0; offset < prefix_count; offset += 64) {
        uint32_t block[16];
        for (int i = 0; i < 16; i++) {
            block[i] = read_word(prefix + offset + 4 * i);
        }
        phi_compress(task.midstate, block);
    }
    for (int i = 0; i < 5; i++) {
        task.block[i] = read_word(tail + 4 * i);
    }
    const uint64_t bits = ((uint64_t)prefix_count + 28) * 8;
    task.block[14] = (uint32_t)(bits >> 32);
    task.block[15] = (uint32_t)bits;

    while (count > 0) {
        // Up to where the upper half of the nonce changes.
        const uint64_t same = (UINT64_C(1) << 32) - (start & UINT32_MAX);
        const uint64_t part = count < same ? count : same;
        if (loop(&task, start, part, nonce)) {
            return true;
        }
        start += part;
        count -= part;
    }
    return false;
}
