#pragma once
#include <stdbool.h>
#include <stddef.h>

/// One HTTP/1.1 connection, plain or TLS, that is kept and made anew when it has gone. For one thread at a time.
struct webhook_client;

/// A client of `host` (an IPv4 address) and `port`; NULL without memory. TLS is not verified: loopback only.
struct webhook_client *webhook_client_new(const char *host, int port, bool tls);
void webhook_client_free(struct webhook_client *client);

/// Sends a whole request and reads a whole answer (content-length, or until the server closes).
/// Returns the bytes of head and body in `answer`, or -1: no connection, no answer in 15 s, or more than `capacity`.
/// `body` is where the body begins.
long webhook_exchange(struct webhook_client *client, const char *request, size_t count, char *answer, size_t capacity,
                      size_t *body);
