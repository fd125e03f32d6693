// What the loops share.
#ifndef PHI_SEARCH_H
#define PHI_SEARCH_H

#include "CHashing.h"

// One search, brought into words.
typedef struct phi_search_task {
    // The state after the prefix.
    uint32_t midstate[8];
    // The last part of the message: five words of tail, two of nonce, the padding.
    uint32_t block[16];
    // The target, most significant word first.
    uint32_t target[8];
} phi_search_task;

// Takes one block into a state.
void phi_compress(uint32_t state[8], const uint32_t block[16]);

// Whether the hash of one nonce is at most the target, by the scalar code.
bool phi_search_accepts(const phi_search_task *task, uint64_t nonce);

// Each loop tries `count` nonces from `start` on, at least one and none of them past a multiple
// of 2^32, so that their upper halves are the same. It writes the least that is accepted.
typedef bool (*phi_search_loop)(
    const phi_search_task *task, uint64_t start, uint64_t count, uint64_t *nonce
);

bool phi_search_scalar(const phi_search_task *, uint64_t, uint64_t, uint64_t *);
#if defined(__x86_64__)
bool phi_search_avx512(const phi_search_task *, uint64_t, uint64_t, uint64_t *);
bool phi_search_avx2(const phi_search_task *, uint64_t, uint64_t, uint64_t *);
bool phi_search_sse2(const phi_search_task *, uint64_t, uint64_t, uint64_t *);
bool phi_search_sha_ni(const phi_search_task *, uint64_t, uint64_t, uint64_t *);
#elif defined(__aarch64__)
bool phi_search_neon(const phi_search_task *, uint64_t, uint64_t, uint64_t *);
#endif

#endif
