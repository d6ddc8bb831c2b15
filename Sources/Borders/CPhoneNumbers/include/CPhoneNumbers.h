#pragma once
// Telephone numbers by libphonenumber. Plain functions over Debian's C++ library: no exception leaves them, and nothing of C++
// is seen from outside.
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    PHONE_FIXED_LINE,
    PHONE_MOBILE,
    PHONE_FIXED_OR_MOBILE,
    PHONE_TOLL_FREE,
    PHONE_PREMIUM_RATE,
    PHONE_SHARED_COST,
    PHONE_VOIP,
    PHONE_PERSONAL,
    PHONE_PAGER,
    PHONE_COMPANY,
    PHONE_VOICEMAIL,
    PHONE_UNKNOWN,
} parley_phone_kind;

typedef enum {
    PHONE_READ,
    // No digits of a telephone number.
    PHONE_NOT_A_NUMBER,
    // Neither a country code nor a region to suppose, or a code that no country has.
    PHONE_NO_COUNTRY,
    PHONE_TOO_SHORT,
    PHONE_TOO_LONG,
    // As long as no number of its country is, between two lengths that are.
    PHONE_WRONG_LENGTH,
    // Complete within its area alone.
    PHONE_LOCAL_ONLY,
    // The library failed.
    PHONE_FAILED,
} parley_phone_result;

typedef struct {
    // "+", up to 15 digits, NUL.
    char e164[20];
    // ISO 3166, two letters; empty where the number is of no one country.
    char region[4];
    char extension[24];
    // PHONE_UNKNOWN where it was not asked for.
    parley_phone_kind kind;
    // A range that numbers are given out of, as far as the library's tables know.
    int is_known;
} parley_phone_number;

/// Reads one number as people write it. region, two capital letters, is supposed where the number has no country code; null for
/// none. text is UTF-8 and need not end in NUL. The kind takes as long as all the rest: it is found out where with_kind is not 0.
parley_phone_result parley_phone_read(const char *_Nullable text, size_t length, const char *_Nullable region, int with_kind,
                                      parley_phone_number *_Nonnull number);

/// Whether the library knows numbers of such a region.
int parley_phone_is_region(const char *_Nonnull region);

#ifdef __cplusplus
}
#endif
