#define _GNU_SOURCE
#include "CTransport.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

struct ev_loop *parley_ev_loop_new(void) { return ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOSIGMASK | EVFLAG_NOENV); }

void parley_ev_io_init(
    ev_io *watcher, void (*callback)(struct ev_loop *, ev_io *, int), int fd, int events, void *data) {
    ev_io_init(watcher, callback, fd, events);
    watcher->data = data;
}

void parley_ev_around_waits(
    struct ev_loop *loop, void *data, void (*sleeps)(struct ev_loop *), void (*wakes)(struct ev_loop *)) {
    ev_set_userdata(loop, data);
    ev_set_loop_release_cb(loop, sleeps, wakes);
}

int parley_timerfd_new(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK); }

int parley_timerfd_set(int fd, int64_t nanoseconds) {
    struct itimerspec when = {
        .it_value = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000},
    };
    return timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL);
}

int parley_accept(int listener, struct sockaddr_storage *address, socklen_t *length) {
    *length = sizeof *address;
    return accept4(listener, (struct sockaddr *)address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

void parley_socket_cut(int fd) {
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    shutdown(fd, SHUT_RDWR);
}

ssize_t parley_socket_send(int fd, const void *bytes, size_t count) {
    return send(fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
}

ssize_t parley_socket_receive(int fd, void *bytes, size_t count) { return recv(fd, bytes, count, MSG_DONTWAIT); }

ssize_t parley_socket_peek(int fd, void *bytes, size_t count) {
    return recv(fd, bytes, count, MSG_PEEK | MSG_DONTWAIT);
}

ssize_t parley_socket_discard(int fd, size_t count) { return recv(fd, NULL, count, MSG_TRUNC | MSG_DONTWAIT); }

int parley_socket_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : EBADF;
}

// Without RELEASE_BUFFERS every connection keeps 34 KB of buffers for records.
static void set_modes(SSL_CTX *context) {
    SSL_CTX_set_mode(
        context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
}

SSL_CTX *parley_client_tls_new(const char *ca_file, bool verify) {
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (!context) return NULL;
    set_modes(context);
    // Whoever makes the context keeps the sessions.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    int good = SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    if (good && verify) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
        good = ca_file ? SSL_CTX_load_verify_locations(context, ca_file, NULL)
                       : SSL_CTX_set_default_verify_paths(context);
    }
    if (good) return context;
    SSL_CTX_free(context);
    return NULL;
}

static int choose_protocol(
    SSL *ssl, const unsigned char **out, unsigned char *out_length, const unsigned char *offered,
    unsigned int offered_length, void *data) {
    static const unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    (void)ssl;
    (void)data;
    unsigned char *chosen = NULL;
    if (SSL_select_next_proto(&chosen, out_length, ours, sizeof ours, offered, offered_length) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

SSL_CTX *parley_server_tls_new(const char *certificate_file, const char *key_file) {
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context) return NULL;
    set_modes(context);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    // Sessions are resumed by tickets; nothing is kept here for strangers.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) &&
        SSL_CTX_use_certificate_chain_file(context, certificate_file) == 1 &&
        SSL_CTX_use_PrivateKey_file(context, key_file, SSL_FILETYPE_PEM) == 1 &&
        SSL_CTX_check_private_key(context) == 1)
        return context;
    SSL_CTX_free(context);
    return NULL;
}

SSL *parley_tls_new(SSL_CTX *context, int fd, const char *host, bool is_numeric) {
    ERR_clear_error();
    SSL *ssl = SSL_new(context);
    if (!ssl) return NULL;
    int good = SSL_set_fd(ssl, fd);
    if (!host) {
        SSL_set_accept_state(ssl);
    } else {
        SSL_set_connect_state(ssl);
        good = good && (is_numeric ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host)
                                   : SSL_set1_host(ssl, host) && SSL_set_tlsext_host_name(ssl, host));
    }
    if (good) return ssl;
    SSL_free(ssl);
    return NULL;
}

void parley_tls_error(char *text, size_t capacity) {
    unsigned long error = ERR_peek_last_error();
    ERR_error_string_n(error, text, capacity);
    ERR_clear_error();
}

void parley_websocket_accept(const char *key, char answer[29]) {
    static const char suffix[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char text[24 + sizeof suffix - 1], digest[SHA_DIGEST_LENGTH];
    memcpy(text, key, 24);
    memcpy(text + 24, suffix, sizeof suffix - 1);
    SHA1(text, sizeof text, digest);
    EVP_EncodeBlock((unsigned char *)answer, digest, sizeof digest);
}

bool parley_websocket_key(char key[25]) {
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
    EVP_EncodeBlock((unsigned char *)key, bytes, sizeof bytes);
    return true;
}

bool parley_random(void *bytes, size_t count) { return RAND_bytes(bytes, (int)count) == 1; }
