#ifndef PHI_COPENSSL_SHIM_H
#define PHI_COPENSSL_SHIM_H

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/sha.h>

#include <stddef.h>

/* SHA256_* is marked deprecated, yet SHA256() and EVP_Digest() look their algorithm up again at
   every call, which costs more than hashing an entry does. These functions can only fail for
   inputs of 2^61 bytes and more. */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"

static inline void phi_sha256_start(SHA256_CTX *context) {
    SHA256_Init(context);
}

static inline void phi_sha256_update(SHA256_CTX *context, const void *bytes, size_t count) {
    SHA256_Update(context, bytes, count);
}

static inline void phi_sha256_finish(SHA256_CTX *context, void *digest) {
    SHA256_Final((unsigned char *)digest, context);
}

#pragma clang diagnostic pop

#endif
