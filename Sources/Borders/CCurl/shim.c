#include "CCurl.h"
#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

// An answer's body is read to its end, so that the server is not cut off, up to here.
enum { body_bytes_max = 64 * 1024 };

typedef struct {
    parley_post_checks checks;
    parley_post_answer *answer;
    size_t body_bytes;
} exchange;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_up(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *peer) {
    exchange *state = context;
    int allowed = 0;
    if (purpose == CURLSOCKTYPE_IPCXN && peer->family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)&peer->addr;
        allowed = state->checks.is_allowed(state->checks.context, (const uint8_t *)&v4->sin_addr, 4);
    } else if (purpose == CURLSOCKTYPE_IPCXN && peer->family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)&peer->addr;
        allowed = state->checks.is_allowed(state->checks.context, (const uint8_t *)&v6->sin6_addr, 16);
    }
    if (!allowed) {
        state->answer->is_refused = 1;
        return CURL_SOCKET_BAD;
    }
    return socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
}

static int is_to_end(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)a, (void)b, (void)c, (void)d;
    exchange *state = context;
    return state->checks.is_cancelled(state->checks.context);
}

static size_t take(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes;
    exchange *state = context;
    state->body_bytes += size * count;
    return state->body_bytes > body_bytes_max ? 0 : size * count;
}

void parley_post(const char *url, const char *const *headers, size_t header_count, const void *body, size_t length,
                 long timeout_ms, parley_post_checks checks, parley_post_answer *answer) {
    memset(answer, 0, sizeof *answer);
    pthread_once(&once, set_up);
    CURL *curl = curl_easy_init();
    struct curl_slist *lines = NULL;
    int is_ready = curl != NULL;
    for (size_t i = 0; is_ready && i < header_count; i++) {
        struct curl_slist *longer = curl_slist_append(lines, headers[i]);
        if (longer) lines = longer;
        is_ready = longer != NULL;
    }
    if (!is_ready) {
        strncpy(answer->reason, "out of memory", sizeof answer->reason - 1);
        curl_slist_free_all(lines);
        curl_easy_cleanup(curl);
        return;
    }
    exchange state = {checks, answer, 0};
    char reason[CURL_ERROR_SIZE] = "";
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &state);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &state);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_to_end);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &state);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
    CURLcode code = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    // Whoever has sent a status has answered, however the rest of it ended.
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && status != 0)) {
        answer->status = status;
        curl_off_t wait = 0;
        if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0) {
            answer->retry_after = wait > 86400 ? 86400 : (long)wait;
        }
    } else {
        strncpy(answer->reason, reason[0] ? reason : curl_easy_strerror(code), sizeof answer->reason - 1);
    }
    curl_slist_free_all(lines);
    curl_easy_cleanup(curl);
}
