#pragma once
// One POST by libcurl to an address that somebody else has named, its every socket looked at before it connects.
#include <stddef.h>
#include <stdint.h>

typedef struct {
    // Of HTTP; 0 when there is no answer.
    long status;
    // Seconds of `Retry-After`, a day at most; 0 without one.
    long retry_after;
    // Why there is no answer; empty when there is one.
    char reason[256];
    // An address that the name stands for was refused.
    int is_refused;
} parley_post_answer;

typedef struct {
    /// Whether a connection to an address, 4 or 16 bytes, may be made.
    int (*_Nonnull is_allowed)(const void *_Nonnull context, const uint8_t *_Nonnull address, size_t length);
    /// Asked now and then; what is under way ends.
    int (*_Nonnull is_cancelled)(const void *_Nonnull context);
    const void *_Nonnull context;
} parley_post_checks;

/// Blocks until the answer has been read, or for timeout_ms. Follows nothing, goes through no proxy, keeps nothing of the
/// body. headers are whole lines.
void parley_post(const char *_Nonnull url, const char *_Nullable const *_Nonnull headers, size_t header_count,
                 const void *_Nonnull body, size_t length, long timeout_ms, parley_post_checks checks,
                 parley_post_answer *_Nonnull answer);
