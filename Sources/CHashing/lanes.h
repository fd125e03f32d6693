// A loop that tries LANES nonces at once, one in each lane of a vector. The including file
// defines NAME, LANES and TARGET (the function's attributes) and may include this more than once.

TARGET bool NAME(const phi_search_task *task, uint64_t start, uint64_t count, uint64_t *nonce) {
    typedef uint32_t word __attribute__((vector_size(4 * LANES)));
    typedef int32_t mask __attribute__((vector_size(4 * LANES)));

    word lane_numbers;
    for (uint32_t i = 0; i < LANES; i++) {
        lane_numbers[i] = i;
    }
    // The rounds before the nonce are the same for all lanes and all turns.
    uint32_t early[8];
    for (int i = 0; i < 8; i++) {
        early[i] = task->midstate[i];
    }
    const uint32_t *block = task->block;
    ROUND(uint32_t, early[0], early[1], early[2], early[3], early[4], early[5], early[6], early[7],
        block[0] + phi_round_constants[0]);
    ROUND(uint32_t, early[7], early[0], early[1], early[2], early[3], early[4], early[5], early[6],
        block[1] + phi_round_constants[1]);
    ROUND(uint32_t, early[6], early[7], early[0], early[1], early[2], early[3], early[4], early[5],
        block[2] + phi_round_constants[2]);
    ROUND(uint32_t, early[5], early[6], early[7], early[0], early[1], early[2], early[3], early[4],
        block[3] + phi_round_constants[3]);
    ROUND(uint32_t, early[4], early[5], early[6], early[7], early[0], early[1], early[2], early[3],
        block[4] + phi_round_constants[4]);
    const uint32_t high = SWAP_BYTES((uint32_t)(start >> 32));
    const uint32_t limit = task->target[0];

    for (uint64_t offset = 0; offset < count; offset += LANES) {
        const word numbers = lane_numbers + (uint32_t)(start + offset);
        word s[8], w[16], inner[16];
        for (int i = 0; i < 8; i++) {
            s[i] = (word){0} + early[i];
        }
        for (int i = 0; i < 16; i++) {
            w[i] = (word){0} + block[i];
        }
        w[5] = SWAP_BYTES(numbers);
        w[6] = (word){0} + high;

        ROUND(word, s[3], s[4], s[5], s[6], s[7], s[0], s[1], s[2],
            w[5] + phi_round_constants[5]);
        ROUND(word, s[2], s[3], s[4], s[5], s[6], s[7], s[0], s[1],
            w[6] + phi_round_constants[6]);
        ROUND(word, s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[0],
            w[7] + phi_round_constants[7]);
        EIGHT_ROUNDS(word, s, w, 8, GIVEN);
        EIGHT_ROUNDS(word, s, w, 16, EXPAND);
        EIGHT_ROUNDS(word, s, w, 24, EXPAND);
        EIGHT_ROUNDS(word, s, w, 32, EXPAND);
        EIGHT_ROUNDS(word, s, w, 40, EXPAND);
        EIGHT_ROUNDS(word, s, w, 48, EXPAND);
        EIGHT_ROUNDS(word, s, w, 56, EXPAND);

        for (int i = 0; i < 8; i++) {
            inner[i] = s[i] + task->midstate[i];
            s[i] = (word){0} + phi_initial_state[i];
        }
        inner[8] = (word){0} + 0x80000000u;
        for (int i = 9; i < 15; i++) {
            inner[i] = (word){0};
        }
        inner[15] = (word){0} + 256u;
        ALL_ROUNDS(word, s, inner);

        // The first word decides but for one hash in four thousand million; the rest is scalar.
        const mask close = s[0] + phi_initial_state[0] <= (word){0} + limit;
        uint32_t any = 0;
        for (int i = 0; i < LANES; i++) {
            any |= (uint32_t)close[i];
        }
        if (any == 0) {
            continue;
        }
        for (uint64_t i = 0; i < LANES && i < count - offset; i++) {
            if (close[i] != 0 && phi_search_accepts(task, start + offset + i)) {
                *nonce = start + offset + i;
                return true;
            }
        }
    }
    return false;
}

#undef NAME
#undef LANES
#undef TARGET
