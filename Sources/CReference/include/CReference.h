#ifndef PHI_CREFERENCE_H
#define PHI_CREFERENCE_H

#include <stddef.h>
#include <stdint.h>

// What the libraries do alone, without anything of Phi: the references of the benchmarks.

// Signatures with their keys and messages, ready to be verified by libcrypto.
typedef struct phi_signatures phi_signatures;

// Takes count records of key 32, signature 64 and message_bytes; the records must outlive the
// answer. NULL where a key is refused.
phi_signatures *phi_signatures_create(
    const uint8_t *records,
    size_t count,
    size_t message_bytes
);

// Verifies so many signatures from one on, the first again after the last. Answers how many hold.
size_t phi_signatures_verify(const phi_signatures *signatures, size_t start, size_t times);

void phi_signatures_destroy(phi_signatures *signatures);

// Makes so many tries at a header with two one-shot calls of SHA-256 each, and answers the last
// byte of all hashes added up. The nonce of 8 bytes ends the header.
uint64_t phi_two_hashes(uint8_t *header, size_t count, uint64_t start, uint64_t tries);

// A bare store, its settings those of Phi's own.
typedef struct phi_bare_store phi_bare_store;

// Opens a new store in a folder, or answers NULL.
phi_bare_store *phi_bare_store_create(
    const char *path,
    size_t write_buffer_bytes,
    size_t file_bytes,
    int bloom_bits
);

// Writes one batch durably. Each change is two lengths as 4 bytes in the machine's order, then key
// and value; a length of UINT32_MAX for the value deletes. Answers 1, or 0 where that failed.
int phi_bare_store_write(phi_bare_store *store, const uint8_t *changes, size_t count);

void phi_bare_store_destroy(phi_bare_store *store);

#endif
