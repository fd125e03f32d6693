#include "rounds.h"
#include "search.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("sha,sse4.1,ssse3")))

// The processor's rounds take the state as (a, b, e, f) and (c, d, g, h), highest lane first.
typedef struct pair {
    __m128i abef, cdgh;
} pair;

TARGET static inline __attribute__((always_inline)) pair pack(const uint32_t state[8]) {
    return (pair){
        _mm_set_epi32((int)state[0], (int)state[1], (int)state[4], (int)state[5]),
        _mm_set_epi32((int)state[2], (int)state[3], (int)state[6], (int)state[7]),
    };
}

// Four rounds of two streams from t on, a multiple of four, with the schedule four rounds ahead.
#define FOUR_ROUNDS(t)                                                                \
    do {                                                                              \
        const __m128i constants =                                                     \
            _mm_loadu_si128((const __m128i *)(phi_round_constants + (t)));            \
        for (int i = 0; i < 2; i++) {                                                 \
            __m128i *w = block[i];                                                    \
            if ((t) >= 16) {                                                          \
                const __m128i middle =                                                \
                    _mm_alignr_epi8(w[((t) / 4 + 3) & 3], w[((t) / 4 + 2) & 3], 4);   \
                const __m128i sum = _mm_add_epi32(                                    \
                    _mm_sha256msg1_epu32(w[((t) / 4) & 3], w[((t) / 4 + 1) & 3]),     \
                    middle                                                            \
                );                                                                    \
                w[((t) / 4) & 3] = _mm_sha256msg2_epu32(sum, w[((t) / 4 + 3) & 3]);   \
            }                                                                         \
            const __m128i input = _mm_add_epi32(w[((t) / 4) & 3], constants);         \
            s[i].cdgh = _mm_sha256rnds2_epu32(s[i].cdgh, s[i].abef, input);           \
            s[i].abef = _mm_sha256rnds2_epu32(                                        \
                s[i].abef, s[i].cdgh, _mm_shuffle_epi32(input, 0x0e));                \
        }                                                                             \
    } while (0)

// All rounds of two streams and the addition of the state they started from.
TARGET static inline __attribute__((always_inline)) void compress(
    pair s[2], __m128i block[2][4], pair start
) {
    FOUR_ROUNDS(0);
    FOUR_ROUNDS(4);
    FOUR_ROUNDS(8);
    FOUR_ROUNDS(12);
    FOUR_ROUNDS(16);
    FOUR_ROUNDS(20);
    FOUR_ROUNDS(24);
    FOUR_ROUNDS(28);
    FOUR_ROUNDS(32);
    FOUR_ROUNDS(36);
    FOUR_ROUNDS(40);
    FOUR_ROUNDS(44);
    FOUR_ROUNDS(48);
    FOUR_ROUNDS(52);
    FOUR_ROUNDS(56);
    FOUR_ROUNDS(60);
    for (int i = 0; i < 2; i++) {
        s[i].abef = _mm_add_epi32(s[i].abef, start.abef);
        s[i].cdgh = _mm_add_epi32(s[i].cdgh, start.cdgh);
    }
}

TARGET bool phi_search_sha_ni(
    const phi_search_task *task, uint64_t start, uint64_t count, uint64_t *nonce
) {
    const pair midstate = pack(task->midstate);
    const pair initial = pack(phi_initial_state);
    const uint32_t *words = task->block;
    const __m128i first = _mm_loadu_si128((const __m128i *)words);
    const __m128i last = _mm_loadu_si128((const __m128i *)(words + 12));
    const __m128i second = _mm_set_epi32(
        (int)words[7], (int)SWAP_BYTES((uint32_t)(start >> 32)), 0, (int)words[4]);
    const __m128i padding = _mm_set_epi32(0, 0, 0, (int)0x80000000u);
    const __m128i length = _mm_set_epi32(256, 0, 0, 0);

    for (uint64_t offset = 0; offset < count; offset += 2) {
        const uint32_t low = (uint32_t)(start + offset);
        pair s[2];
        __m128i block[2][4];
        for (uint32_t i = 0; i < 2; i++) {
            s[i] = midstate;
            block[i][0] = first;
            block[i][1] = _mm_insert_epi32(second, (int)SWAP_BYTES(low + i), 1);
            block[i][2] = _mm_setzero_si128();
            block[i][3] = last;
        }
        compress(s, block, midstate);
        for (int i = 0; i < 2; i++) {
            // From (f, e, b, a) and (h, g, d, c), lowest lane first, to (a, ..., d), (e, ..., h).
            const __m128i abef = _mm_shuffle_epi32(s[i].abef, 0x1b);
            const __m128i cdgh = _mm_shuffle_epi32(s[i].cdgh, 0x1b);
            block[i][0] = _mm_unpacklo_epi64(abef, cdgh);
            block[i][1] = _mm_unpackhi_epi64(abef, cdgh);
            block[i][2] = padding;
            block[i][3] = length;
            s[i] = initial;
        }
        compress(s, block, initial);
        for (uint64_t i = 0; i < 2 && i < count - offset; i++) {
            const uint32_t high = (uint32_t)_mm_extract_epi32(s[i].abef, 3);
            if (high <= task->target[0] && phi_search_accepts(task, start + offset + i)) {
                *nonce = start + offset + i;
                return true;
            }
        }
    }
    return false;
}

#endif
