#pragma once
// Plain functions over what Swift cannot import of libwebsockets, libev and the kernel: macros, variadics, unions.
// No state, no policy.
#include <ev.h>
#include <libwebsockets.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#pragma clang assume_nonnull begin

enum {
    PARLEY_LWS_PRE = LWS_PRE,
    PARLEY_EV_RUN_ONCE = EVRUN_ONCE,
    PARLEY_EV_READ = EV_READ,
    PARLEY_EV_BREAK_ALL = EVBREAK_ALL,
    PARLEY_CLOEXEC_NONBLOCK = EFD_CLOEXEC | EFD_NONBLOCK,
};

/// An epoll loop that leaves signals alone; NULL when the kernel refuses.
struct ev_loop *_Nullable parley_ev_loop_new(void);
void parley_ev_io_init(
    ev_io *watcher, void (*callback)(struct ev_loop *_Nullable, ev_io *_Nullable, int), int fd, void *_Nullable data);

/// A monotonic timerfd, disarmed; -1 and errno on failure.
int parley_timerfd_new(void);
/// Fires once at an absolute CLOCK_MONOTONIC moment; 0 disarms.
int parley_timerfd_set(int fd, int64_t nanoseconds);

/// Option bits that are macros of long long.
uint64_t parley_context_options(bool first_of_process);
uint64_t parley_server_vhost_options(bool tls);
uint64_t parley_client_vhost_options(bool tls);
long parley_tls_options_without_old_versions(void);

/// Asks libwebsockets to end a connection now, out of any callback of its own.
void parley_lws_kill(struct lws *wsi);
void parley_lws_no_timeout(struct lws *wsi);
/// Resets the connection when its descriptor is closed, and ends both directions at once.
void parley_socket_cut(int fd);
/// Sends without waiting and without SIGPIPE.
ssize_t parley_socket_send(int fd, const void *bytes, size_t count);
/// Looks at what has arrived, without taking it and without waiting.
ssize_t parley_socket_peek(int fd, void *bytes, size_t count);
/// accept4: non-blocking, close-on-exec; -1 and errno.
int parley_accept(int listener);
/// Takes and forgets what has arrived, without waiting.
ssize_t parley_socket_discard(int fd, size_t count);

/// TLS 1.2 and later, for clients. `ca_file` NULL: the machine's authorities. NULL on failure, see parley_tls_error.
SSL_CTX *_Nullable parley_client_tls_new(const char *_Nullable ca_file, bool verify);
/// Checks that a certificate chain and its key can be loaded and fit; 0 when they do.
int parley_server_tls_check(const char *certificate_file, const char *key_file);
void parley_tls_error(char *text, size_t capacity);

#pragma clang assume_nonnull end
