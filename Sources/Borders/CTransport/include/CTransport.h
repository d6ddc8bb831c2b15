#pragma once
// Plain functions over what Swift cannot import of libev, OpenSSL, wslay and the kernel: macros, variadics, unions.
// No state, no policy.
#include <ev.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <wslay/wslay.h>

#pragma clang assume_nonnull begin

enum {
    PARLEY_EV_RUN_ONCE = EVRUN_ONCE,
    PARLEY_EV_RUN_NOWAIT = EVRUN_NOWAIT,
    PARLEY_EV_READ = EV_READ,
    PARLEY_EV_WRITE = EV_WRITE,
    PARLEY_CLOEXEC_NONBLOCK = EFD_CLOEXEC | EFD_NONBLOCK,
};

/// An epoll loop that leaves signals alone; NULL when the kernel refuses.
struct ev_loop *_Nullable parley_ev_loop_new(void);
void parley_ev_io_init(
    ev_io *watcher, void (*callback)(struct ev_loop *_Nullable, ev_io *_Nullable, int), int fd, int events,
    void *_Nullable data);
/// `sleeps` is called before the loop waits for events, `wakes` after.
void parley_ev_around_waits(
    struct ev_loop *loop, void *data, void (*sleeps)(struct ev_loop *_Nullable),
    void (*wakes)(struct ev_loop *_Nullable));

/// A monotonic timerfd, disarmed; -1 and errno on failure.
int parley_timerfd_new(void);
/// Fires once at an absolute CLOCK_MONOTONIC moment; 0 disarms.
int parley_timerfd_set(int fd, int64_t nanoseconds);

/// accept4: non-blocking, close-on-exec; -1 and errno. The peer's address goes to `address`.
int parley_accept(int listener, struct sockaddr_storage *address, socklen_t *length);
/// Resets the connection when its descriptor is closed, and ends both directions at once.
void parley_socket_cut(int fd);
/// Sends without waiting and without SIGPIPE.
ssize_t parley_socket_send(int fd, const void *bytes, size_t count);
ssize_t parley_socket_receive(int fd, void *bytes, size_t count);
/// Looks at what has arrived, without taking it and without waiting.
ssize_t parley_socket_peek(int fd, void *bytes, size_t count);
/// Takes and forgets what has arrived, without waiting.
ssize_t parley_socket_discard(int fd, size_t count);
/// What became of a connect that was under way: 0, or an errno.
int parley_socket_error(int fd);

/// TLS 1.2 and later, for clients. `ca_file` NULL: the machine's authorities. NULL on failure, see parley_tls_error.
SSL_CTX *_Nullable parley_client_tls_new(const char *_Nullable ca_file, bool verify);
/// TLS 1.2 and later with a certificate chain and its key, http/1.1 by ALPN. NULL on failure, see parley_tls_error.
SSL_CTX *_Nullable parley_server_tls_new(const char *certificate_file, const char *key_file);
/// A connection of `context` over `fd`: a server's, or a client's for `host` (NULL: a server's). `host` is checked against
/// the certificate when the context verifies; a numeric one is not sent as server name.
SSL *_Nullable parley_tls_new(SSL_CTX *context, int fd, const char *_Nullable host, bool is_numeric);
void parley_tls_error(char *text, size_t capacity);

/// Sec-WebSocket-Accept of a key of 24 characters (RFC 6455, 4.2.2): 28 characters and a NUL.
void parley_websocket_accept(const char *key, char answer[_Nonnull 29]);
/// 16 random bytes in Base64: 24 characters and a NUL. False when there is no randomness.
bool parley_websocket_key(char key[_Nonnull 25]);
bool parley_random(void *bytes, size_t count);

/// From here on a fault (SIGSEGV, SIGILL, SIGABRT, …) is told on standard error, with thread and stack, before it ends the
/// process as it always does.
void parley_report_faults(void);
/// The clock of the processor time of a thread by its kernel number; reading it fails when there is no such thread.
clockid_t parley_thread_clock(int thread);
/// The kernel's number of the calling thread.
int parley_thread_number(void);
/// Blocks all signals for the calling thread but those of its own faults.
void parley_block_signals(void);

#pragma clang assume_nonnull end
