#define _GNU_SOURCE
#include "CLibWebSockets.h"

#include <errno.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <time.h>

struct ev_loop *parley_ev_loop_new(void) { return ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOSIGMASK | EVFLAG_NOENV); }

void parley_ev_io_init(ev_io *watcher, void (*callback)(struct ev_loop *, ev_io *, int), int fd, void *data) {
    ev_io_init(watcher, callback, fd, EV_READ);
    watcher->data = data;
}

int parley_timerfd_new(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK); }

int parley_timerfd_set(int fd, int64_t nanoseconds) {
    struct itimerspec when = {
        .it_value = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000},
    };
    return timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL);
}

uint64_t parley_context_options(bool first_of_process) {
    uint64_t tls = first_of_process ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0;
    return LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS | tls;
}

uint64_t parley_server_vhost_options(bool tls) {
    return tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX : 0;
}

uint64_t parley_client_vhost_options(bool tls) { return tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0; }

long parley_tls_options_without_old_versions(void) {
    return (long)(SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_RENEGOTIATION);
}

void parley_lws_kill(struct lws *wsi) { lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC); }

void parley_lws_no_timeout(struct lws *wsi) { lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0); }

void parley_socket_cut(int fd) {
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    shutdown(fd, SHUT_RDWR);
}

ssize_t parley_socket_send(int fd, const void *bytes, size_t count) {
    return send(fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
}

ssize_t parley_socket_peek(int fd, void *bytes, size_t count) {
    return recv(fd, bytes, count, MSG_PEEK | MSG_DONTWAIT);
}

ssize_t parley_socket_discard(int fd, size_t count) {
    return recv(fd, NULL, count, MSG_TRUNC | MSG_DONTWAIT);
}

SSL_CTX *parley_client_tls_new(const char *ca_file, bool verify) {
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (!context) return NULL;
    // As libwebsockets sets on contexts of its own: without it every connection keeps 34 KB of buffers for records.
    SSL_CTX_set_mode(context, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    // Whoever makes the context keeps the sessions.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    int good = SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    if (good && verify)
        good = ca_file ? SSL_CTX_load_verify_locations(context, ca_file, NULL)
                       : SSL_CTX_set_default_verify_paths(context);
    if (good) return context;
    SSL_CTX_free(context);
    return NULL;
}

int parley_server_tls_check(const char *certificate_file, const char *key_file) {
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context) return -1;
    int good = SSL_CTX_use_certificate_chain_file(context, certificate_file) == 1 &&
               SSL_CTX_use_PrivateKey_file(context, key_file, SSL_FILETYPE_PEM) == 1 &&
               SSL_CTX_check_private_key(context) == 1;
    SSL_CTX_free(context);
    return good ? 0 : -1;
}

void parley_tls_error(char *text, size_t capacity) {
    unsigned long error = ERR_peek_last_error();
    ERR_error_string_n(error, text, capacity);
    ERR_clear_error();
}

int parley_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }
