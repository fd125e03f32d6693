#include "CReference.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct phi_signatures {
    const uint8_t *records;
    size_t count;
    size_t message_bytes;
    EVP_PKEY **keys;
};

static const size_t key_bytes = 32;
static const size_t signature_bytes = 64;

static const uint8_t *record_at(const phi_signatures *signatures, size_t index) {
    size_t size = key_bytes + signature_bytes + signatures->message_bytes;
    return signatures->records + index * size;
}

phi_signatures *phi_signatures_create(
    const uint8_t *records,
    size_t count,
    size_t message_bytes
) {
    phi_signatures *made = calloc(1, sizeof *made);
    if (made == NULL) return NULL;
    made->records = records;
    made->count = count;
    made->message_bytes = message_bytes;
    made->keys = calloc(count, sizeof *made->keys);
    for (size_t index = 0; made->keys != NULL && index < count; index++) {
        made->keys[index] = EVP_PKEY_new_raw_public_key(
            EVP_PKEY_ED25519, NULL, record_at(made, index), key_bytes
        );
        if (made->keys[index] == NULL) {
            phi_signatures_destroy(made);
            return NULL;
        }
    }
    return made;
}

size_t phi_signatures_verify(const phi_signatures *signatures, size_t start, size_t times) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t valid = 0;
    for (size_t turn = 0; context != NULL && turn < times; turn++) {
        size_t index = (start + turn) % signatures->count;
        const uint8_t *signature = record_at(signatures, index) + key_bytes;
        EVP_MD_CTX_reset(context);
        int isReady = EVP_DigestVerifyInit(context, NULL, NULL, NULL, signatures->keys[index]);
        valid += isReady == 1
            && EVP_DigestVerify(
                   context, signature, signature_bytes, signature + signature_bytes,
                   signatures->message_bytes
               ) == 1;
    }
    EVP_MD_CTX_free(context);
    return valid;
}

void phi_signatures_destroy(phi_signatures *signatures) {
    if (signatures == NULL) return;
    for (size_t index = 0; signatures->keys != NULL && index < signatures->count; index++) {
        EVP_PKEY_free(signatures->keys[index]);
    }
    free(signatures->keys);
    free(signatures);
}
