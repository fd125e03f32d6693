// SHA-256 by FIPS 180-4, written so that a word may be a number or a vector of numbers.
#ifndef PHI_ROUNDS_H
#define PHI_ROUNDS_H

#include <stdint.h>

#define ROTATE(x, n) (((x) >> (n)) | ((x) << (32 - (n))))
#define CHOOSE(e, f, g) ((g) ^ ((e) & ((f) ^ (g))))
#define MAJORITY(a, b, c) (((a) & (b)) | ((c) & ((a) | (b))))
#define BIG_SIGMA_0(x) (ROTATE(x, 2) ^ ROTATE(x, 13) ^ ROTATE(x, 22))
#define BIG_SIGMA_1(x) (ROTATE(x, 6) ^ ROTATE(x, 11) ^ ROTATE(x, 25))
#define SMALL_SIGMA_0(x) (ROTATE(x, 7) ^ ROTATE(x, 18) ^ ((x) >> 3))
#define SMALL_SIGMA_1(x) (ROTATE(x, 17) ^ ROTATE(x, 19) ^ ((x) >> 10))

#define SWAP_BYTES(x) \
    (((x) << 24) | (((x) & 0xff00u) << 8) | (((x) >> 8) & 0xff00u) | ((x) >> 24))

// One round; the caller rotates the names instead of the values. WORD is the type of a, ..., h.
#define ROUND(WORD, a, b, c, d, e, f, g, h, input)                                    \
    do {                                                                              \
        WORD first = (h) + BIG_SIGMA_1(e) + CHOOSE(e, f, g) + (input);                \
        (d) += first;                                                                 \
        (h) = first + BIG_SIGMA_0(a) + MAJORITY(a, b, c);                             \
    } while (0)

// The next word of the message schedule, in a window of sixteen.
#define EXPAND(w, t)                                                                  \
    ((w)[(t) & 15] += SMALL_SIGMA_1((w)[((t) + 14) & 15]) + (w)[((t) + 9) & 15] +     \
        SMALL_SIGMA_0((w)[((t) + 1) & 15]))

// Eight rounds from t on, a multiple of eight; INPUT(w, t) is the word of round t.
#define EIGHT_ROUNDS(WORD, s, w, t, INPUT)                                            \
    do {                                                                              \
        ROUND(WORD, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7],                   \
            INPUT(w, (t) + 0) + phi_round_constants[(t) + 0]);                        \
        ROUND(WORD, s[7], s[0], s[1], s[2], s[3], s[4], s[5], s[6],                   \
            INPUT(w, (t) + 1) + phi_round_constants[(t) + 1]);                        \
        ROUND(WORD, s[6], s[7], s[0], s[1], s[2], s[3], s[4], s[5],                   \
            INPUT(w, (t) + 2) + phi_round_constants[(t) + 2]);                        \
        ROUND(WORD, s[5], s[6], s[7], s[0], s[1], s[2], s[3], s[4],                   \
            INPUT(w, (t) + 3) + phi_round_constants[(t) + 3]);                        \
        ROUND(WORD, s[4], s[5], s[6], s[7], s[0], s[1], s[2], s[3],                   \
            INPUT(w, (t) + 4) + phi_round_constants[(t) + 4]);                        \
        ROUND(WORD, s[3], s[4], s[5], s[6], s[7], s[0], s[1], s[2],                   \
            INPUT(w, (t) + 5) + phi_round_constants[(t) + 5]);                        \
        ROUND(WORD, s[2], s[3], s[4], s[5], s[6], s[7], s[0], s[1],                   \
            INPUT(w, (t) + 6) + phi_round_constants[(t) + 6]);                        \
        ROUND(WORD, s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[0],                   \
            INPUT(w, (t) + 7) + phi_round_constants[(t) + 7]);                        \
    } while (0)

#define GIVEN(w, t) ((w)[t])

// All 64 rounds over the state s and the window w, without the addition of the old state.
#define ALL_ROUNDS(WORD, s, w)                                                        \
    do {                                                                              \
        EIGHT_ROUNDS(WORD, s, w, 0, GIVEN);                                           \
        EIGHT_ROUNDS(WORD, s, w, 8, GIVEN);                                           \
        EIGHT_ROUNDS(WORD, s, w, 16, EXPAND);                                         \
        EIGHT_ROUNDS(WORD, s, w, 24, EXPAND);                                         \
        EIGHT_ROUNDS(WORD, s, w, 32, EXPAND);                                         \
        EIGHT_ROUNDS(WORD, s, w, 40, EXPAND);                                         \
        EIGHT_ROUNDS(WORD, s, w, 48, EXPAND);                                         \
        EIGHT_ROUNDS(WORD, s, w, 56, EXPAND);                                         \
    } while (0)

static const uint32_t phi_round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static const uint32_t phi_initial_state[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

#endif
