#include "CLibCrypto.h"

static int hmac(const EVP_MD *digest, const void *key, size_t key_length, const void *data, size_t length,
                unsigned char *mac) {
    unsigned int written = 0;
    return HMAC(digest, key, (int)key_length, data, length, mac, &written) != NULL;
}

int parley_hmac_sha1(const void *key, size_t key_length, const void *data, size_t length, unsigned char *mac) {
    return hmac(EVP_sha1(), key, key_length, data, length, mac);
}

int parley_hmac_sha256(const void *key, size_t key_length, const void *data, size_t length, unsigned char *mac) {
    return hmac(EVP_sha256(), key, key_length, data, length, mac);
}
