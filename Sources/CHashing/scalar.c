#include "rounds.h"
#include "search.h"

#include <string.h>

void phi_compress(uint32_t state[8], const uint32_t block[16]) {
    uint32_t s[8], w[16];
    memcpy(s, state, sizeof s);
    memcpy(w, block, sizeof w);
    ALL_ROUNDS(uint32_t, s, w);
    for (int i = 0; i < 8; i++) {
        state[i] += s[i];
    }
}

bool phi_search_accepts(const phi_search_task *task, uint64_t nonce) {
    uint32_t block[16], state[8];
    memcpy(block, task->block, sizeof block);
    block[5] = SWAP_BYTES((uint32_t)nonce);
    block[6] = SWAP_BYTES((uint32_t)(nonce >> 32));
    memcpy(state, task->midstate, sizeof state);
    phi_compress(state, block);

    uint32_t outer[16] = {[8] = 0x80000000, [15] = 256};
    memcpy(outer, state, sizeof state);
    memcpy(state, phi_initial_state, sizeof state);
    phi_compress(state, outer);

    for (int i = 0; i < 8; i++) {
        if (state[i] != task->target[i]) {
            return state[i] < task->target[i];
        }
    }
    return true;
}

bool phi_search_scalar(
    const phi_search_task *task, uint64_t start, uint64_t count, uint64_t *nonce
) {
    for (uint64_t i = 0; i < count; i++) {
        if (phi_search_accepts(task, start + i)) {
            *nonce = start + i;
            return true;
        }
    }
    return false;
}
