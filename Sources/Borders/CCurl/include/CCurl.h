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

// One mail by libcurl: the message is made by its MIME functions, and goes to a server that the operator has named.

typedef struct {
    /// smtp://host:port or smtps://host:port.
    const char *_Nonnull url;
    /// Null where nobody logs in.
    const char *_Nullable user;
    const char *_Nullable password;
    /// A file of certificates to trust in place of the system's; null for the system's.
    const char *_Nullable authorities;
    /// Nothing is said to a server with which TLS cannot be agreed upon.
    int needs_tls;
} parley_mail_server;

typedef struct {
    int is_taken;
    // Of SMTP: what the server said last; 0 when it said nothing.
    long code;
    // Why it was not taken; empty when it was.
    char reason[256];
} parley_mail_answer;

/// Blocks until the server has taken the mail or has not, or for timeout_ms. from and to are bare addresses, headers whole
/// lines, text is UTF-8 with CRLF.
void parley_mail(const parley_mail_server *_Nonnull server, const char *_Nonnull from, const char *_Nonnull to,
                 const char *_Nullable const *_Nonnull headers, size_t header_count, const char *_Nonnull text,
                 size_t length, long timeout_ms, parley_mail_answer *_Nonnull answer);
