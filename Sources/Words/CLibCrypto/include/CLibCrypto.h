#pragma once
// OpenSSL's digests and random numbers; macros become plain functions here and nothing else.
#include <stddef.h>
#include <stdint.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

/// HMAC-SHA1 into 20 bytes; 1 on success.
int parley_hmac_sha1(const void *_Nonnull key, size_t key_length, const void *_Nonnull data, size_t length,
                     unsigned char *_Nonnull mac);
/// HMAC-SHA256 into 32 bytes; 1 on success.
int parley_hmac_sha256(const void *_Nonnull key, size_t key_length, const void *_Nonnull data, size_t length,
                       unsigned char *_Nonnull mac);
