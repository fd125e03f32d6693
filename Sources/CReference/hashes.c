#include "CReference.h"

#include <openssl/sha.h>
#include <string.h>

uint64_t phi_two_hashes(uint8_t *header, size_t count, uint64_t start, uint64_t tries) {
    uint64_t sum = 0;
    uint8_t inner[SHA256_DIGEST_LENGTH];
    uint8_t outer[SHA256_DIGEST_LENGTH];
    for (uint64_t nonce = start; nonce < start + tries; nonce++) {
        memcpy(header + count - sizeof nonce, &nonce, sizeof nonce);
        SHA256(header, count, inner);
        SHA256(inner, sizeof inner, outer);
        sum += outer[SHA256_DIGEST_LENGTH - 1];
    }
    return sum;
}
