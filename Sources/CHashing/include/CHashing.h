#ifndef PHI_CHASHING_H
#define PHI_CHASHING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The loops that look for a nonce.
typedef enum phi_search_kind {
    PHI_SEARCH_AVX512,
    PHI_SEARCH_SHA_NI,
    PHI_SEARCH_AVX2,
    PHI_SEARCH_SSE2,
    PHI_SEARCH_NEON,
    PHI_SEARCH_SCALAR,
} phi_search_kind;

// Whether this build has the loop and this processor can run it.
bool phi_search_is_available(phi_search_kind kind);

// Looks for the least nonce of [start, start + count) with
// SHA256(SHA256(prefix || tail || LE64(nonce))) <= target, both read big-endian.
//
// prefix_count is a multiple of 64, tail has 20 bytes, target has 32, start + count does not
// overflow, and the kind is available. Writes the nonce and answers true, or answers false.
bool phi_search(
    phi_search_kind kind,
    const uint8_t *prefix,
    size_t prefix_count,
    const uint8_t *tail,
    const uint8_t *target,
    uint64_t start,
    uint64_t count,
    uint64_t *nonce
);

#endif
