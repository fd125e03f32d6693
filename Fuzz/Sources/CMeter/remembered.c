// Remembers the verdicts on signatures that were checked, by standing before libcrypto: the same
// few hundred signatures come up in nearly every input, and each check takes longer than all else
// that the input does. A verdict depends on key, signature and message only, and all of them are
// compared in full.

#define _GNU_SOURCE

#include <dlfcn.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <string.h>

enum { KEY = 32, SIGNATURE = 64, MESSAGE = 512, PLACES = 1024 };

struct verdict {
    unsigned char key[KEY], signature[SIGNATURE], message[MESSAGE];
    size_t count;
    int status, known;
};

static _Thread_local struct verdict verdicts[PLACES];

static struct verdict *place(const unsigned char *signature, const unsigned char *message,
                             size_t count) {
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < SIGNATURE; i++) hash = (hash ^ signature[i]) * 0x100000001b3;
    for (size_t i = 0; i < count; i++) hash = (hash ^ message[i]) * 0x100000001b3;
    return &verdicts[hash >> 32 & (PLACES - 1)];
}

int EVP_DigestVerify(EVP_MD_CTX *context, const unsigned char *signature, size_t size,
                     const unsigned char *message, size_t count) {
    static int (*verify)(EVP_MD_CTX *, const unsigned char *, size_t, const unsigned char *,
                         size_t);
    if (verify == NULL) *(void **)&verify = dlsym(RTLD_NEXT, "EVP_DigestVerify");
    unsigned char key[KEY];
    size_t length = KEY;
    EVP_PKEY_CTX *inner = EVP_MD_CTX_get_pkey_ctx(context);
    EVP_PKEY *owner = inner == NULL ? NULL : EVP_PKEY_CTX_get0_pkey(inner);
    if (size != SIGNATURE || count > MESSAGE || owner == NULL ||
        EVP_PKEY_get_raw_public_key(owner, key, &length) != 1 || length != KEY)
        return verify(context, signature, size, message, count);
    struct verdict *found = place(signature, message, count);
    if (found->known && found->count == count && memcmp(found->key, key, KEY) == 0 &&
        memcmp(found->signature, signature, SIGNATURE) == 0 &&
        memcmp(found->message, message, count) == 0)
        return found->status;
    int status = verify(context, signature, size, message, count);
    memcpy(found->key, key, KEY);
    memcpy(found->signature, signature, SIGNATURE);
    memcpy(found->message, message, count);
    found->count = count;
    found->status = status;
    found->known = 1;
    return status;
}
