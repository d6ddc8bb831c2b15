// The carrier's HTTP client of the load benchmark: blocking, one connection, few system calls a request. Nothing here is
// for production: certificates are not checked, and chunked answers are not understood.
#define _GNU_SOURCE
#include "WebhookClient.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct webhook_client {
    struct sockaddr_in address;
    bool tls;
    int descriptor;
    SSL *ssl;
};

static SSL_CTX *context;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_context(void) {
    context = SSL_CTX_new(TLS_client_method());
    if (context) SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
}

struct webhook_client *webhook_client_new(const char *host, int port, bool tls) {
    struct webhook_client *client = calloc(1, sizeof *client);
    if (!client) return NULL;
    client->descriptor = -1;
    client->tls = tls;
    client->address.sin_family = AF_INET;
    client->address.sin_port = htons((unsigned short)port);
    if (inet_pton(AF_INET, host, &client->address.sin_addr) == 1) return client;
    free(client);
    return NULL;
}

static void leave(struct webhook_client *client) {
    if (client->ssl) SSL_free(client->ssl);
    client->ssl = NULL;
    if (client->descriptor >= 0) close(client->descriptor);
    client->descriptor = -1;
}

void webhook_client_free(struct webhook_client *client) {
    if (!client) return;
    leave(client);
    free(client);
}

static bool join(struct webhook_client *client) {
    client->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->descriptor < 0) return false;
    struct timeval limit = {.tv_sec = 15};
    int on = 1;
    setsockopt(client->descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(client->descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    setsockopt(client->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(client->descriptor, (struct sockaddr *)&client->address, sizeof client->address) != 0) return false;
    if (!client->tls) return true;
    pthread_once(&once, make_context);
    client->ssl = context ? SSL_new(context) : NULL;
    return client->ssl && SSL_set_fd(client->ssl, client->descriptor) == 1 && SSL_connect(client->ssl) == 1;
}

static bool put(struct webhook_client *client, const char *bytes, size_t count) {
    while (count > 0) {
        long sent = client->ssl ? SSL_write(client->ssl, bytes, (int)count)
                                : send(client->descriptor, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes += sent;
        count -= (size_t)sent;
    }
    return true;
}

static long get(struct webhook_client *client, char *into, size_t room) {
    return client->ssl ? SSL_read(client->ssl, into, (int)room) : recv(client->descriptor, into, room, 0);
}

/// Of a head of `count` bytes: what comes after "\r\nname:", or NULL.
static const char *field(const char *head, size_t count, const char *name) {
    size_t length = strlen(name);
    for (const char *at = head; (at = memmem(at, (size_t)(head + count - at), "\r\n", 2)); at += 2)
        if ((size_t)(head + count - at) > length + 3 && strncasecmp(at + 2, name, length) == 0 && at[2 + length] == ':')
            return at + 3 + length;
    return NULL;
}

/// Returns the bytes of the answer, 0 when nothing came at all, -1 for half an answer.
static long read_answer(struct webhook_client *client, char *answer, size_t capacity, size_t *body) {
    size_t have = 0, want = 0;
    while (true) {
        if (have + 1 >= capacity) return -1;
        long got = get(client, answer + have, capacity - have - 1);
        if (got <= 0) {
            leave(client);
            return want == SIZE_MAX ? (long)have : have == 0 ? 0 : -1;
        }
        have += (size_t)got;
        answer[have] = 0;
        if (want == 0) {
            const char *end = memmem(answer, have, "\r\n\r\n", 4);
            if (!end) continue;
            *body = (size_t)(end - answer) + 4;
            const char *length = field(answer, *body, "content-length");
            bool empty = strncmp(answer + 8, " 204", 4) == 0;
            want = length ? *body + strtoul(length, NULL, 10) : empty ? *body : SIZE_MAX;
        }
        if (have >= want) {
            const char *after = field(answer, *body, "connection");
            if (after && strncasecmp(after + strspn(after, " "), "close", 5) == 0) leave(client);
            return (long)want;
        }
    }
}

long webhook_exchange(struct webhook_client *client, const char *request, size_t count, char *answer, size_t capacity,
                      size_t *body) {
    // A kept connection may have been closed by the server meanwhile: then once more on a new one.
    for (int attempt = 0; attempt < 2; attempt++) {
        bool kept = client->descriptor >= 0;
        if (!kept && !join(client)) break;
        long got = put(client, request, count) ? read_answer(client, answer, capacity, body) : 0;
        if (got > 0) return got;
        leave(client);
        if (got < 0 || !kept) break;
    }
    leave(client);
    return -1;
}
