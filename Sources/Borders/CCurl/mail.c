#include "CCurl.h"
#include <curl/curl.h>
#include <pthread.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_up(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

// What the server says is for libcurl alone.
static size_t drop(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes, (void)context;
    return size * count;
}

// NULL, and nothing left, when there is no memory.
static struct curl_slist *list(const char *const *lines, size_t count) {
    struct curl_slist *found = NULL;
    for (size_t i = 0; i < count; i++) {
        struct curl_slist *longer = curl_slist_append(found, lines[i]);
        if (!longer) {
            curl_slist_free_all(found);
            return NULL;
        }
        found = longer;
    }
    return found;
}

static curl_mime *message(CURL *curl, const char *text, size_t length) {
    curl_mime *mime = curl_mime_init(curl);
    curl_mimepart *part = mime ? curl_mime_addpart(mime) : NULL;
    if (!part || curl_mime_data(part, text, length) != CURLE_OK ||
        curl_mime_type(part, "text/plain; charset=utf-8") != CURLE_OK ||
        curl_mime_encoder(part, "quoted-printable") != CURLE_OK) {
        curl_mime_free(mime);
        return NULL;
    }
    return mime;
}

void parley_mail(const parley_mail_server *server, const char *from, const char *to, const char *const *headers,
                 size_t header_count, const char *text, size_t length, long timeout_ms, parley_mail_answer *answer) {
    memset(answer, 0, sizeof *answer);
    pthread_once(&once, set_up);
    CURL *curl = curl_easy_init();
    struct curl_slist *lines = list(headers, header_count), *recipients = list(&to, 1);
    curl_mime *mime = curl ? message(curl, text, length) : NULL;
    if (!lines || !recipients || !mime) {
        strncpy(answer->reason, "out of memory", sizeof answer->reason - 1);
    } else {
        char reason[CURL_ERROR_SIZE] = "";
        curl_easy_setopt(curl, CURLOPT_URL, server->url);
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
        curl_easy_setopt(curl, CURLOPT_USE_SSL, server->needs_tls ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
        if (server->authorities) curl_easy_setopt(curl, CURLOPT_CAINFO, server->authorities);
        if (server->user) curl_easy_setopt(curl, CURLOPT_USERNAME, server->user);
        if (server->password) curl_easy_setopt(curl, CURLOPT_PASSWORD, server->password);
        curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
        curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
        curl_easy_setopt(curl, CURLOPT_MIMEPOST, mime);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
        CURLcode code = curl_easy_perform(curl);
        answer->is_taken = code == CURLE_OK;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->code);
        if (code != CURLE_OK) {
            strncpy(answer->reason, reason[0] ? reason : curl_easy_strerror(code), sizeof answer->reason - 1);
        }
    }
    curl_mime_free(mime);
    curl_slist_free_all(recipients);
    curl_slist_free_all(lines);
    curl_easy_cleanup(curl);
}
