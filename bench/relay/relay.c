// The yardstick of the load benchmark: the least a relay between a carrier's media stream and a speech agent can do on
// libwebsockets and libev. One thread; scan, base64, ring, 20 ms pacing; no signatures, records, marks or limits, and
// what the kernel does not take at once is dropped. With a certificate and key, TLS on both legs; the agent's certificate
// is not checked.
//
//   parley-relay PORT AGENT_PORT [CERTIFICATE KEY]
#define _GNU_SOURCE
#include <ev.h>
#include <libwebsockets.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FRAME = 160, RING = 1 << 19, MESSAGE = 64 << 10, LEAD_MS = 100, EARLY = 8000 };

struct call;
struct leg {
    struct call *call;
    struct lws *wsi;
    bool is_agent;
    unsigned char *assembly;
    size_t assembled;
};

struct call {
    struct leg carrier, agent;
    char prefix[128];
    size_t prefix_bytes;
    unsigned char *ring;
    size_t head, count;
    double played_out;
    ev_timer timer;
    bool timing;
    bool agent_ready;
    unsigned char early[EARLY];  // what the caller said before the agent was there
    size_t early_bytes;
};

static struct ev_loop *loop;
static struct lws_context *context;
static struct lws_vhost *client_host;
static int own_port, agent_port;
static bool tls;
static unsigned char out[LWS_PRE + MESSAGE];
static signed char values[256];
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static size_t decode(const char *text, const char *end, unsigned char *into) {
    unsigned char *start = into;
    while (end - text >= 4) {
        int a = values[(unsigned char)text[0]], b = values[(unsigned char)text[1]];
        int c = values[(unsigned char)text[2]], d = values[(unsigned char)text[3]];
        *into++ = (unsigned char)(a << 2 | b >> 4);
        if (text[2] != '=') *into++ = (unsigned char)(b << 4 | c >> 2);
        if (text[3] != '=') *into++ = (unsigned char)(c << 6 | d);
        text += 4;
    }
    return (size_t)(into - start);
}

static size_t encode(const unsigned char *bytes, size_t count, char *into) {
    char *start = into;
    for (; count >= 3; bytes += 3, count -= 3) {
        *into++ = digits[bytes[0] >> 2];
        *into++ = digits[(bytes[0] & 3) << 4 | bytes[1] >> 4];
        *into++ = digits[(bytes[1] & 15) << 2 | bytes[2] >> 6];
        *into++ = digits[bytes[2] & 63];
    }
    if (count) {
        *into++ = digits[bytes[0] >> 2];
        *into++ = digits[(bytes[0] & 3) << 4 | (count == 2 ? bytes[1] >> 4 : 0)];
        *into++ = count == 2 ? digits[(bytes[1] & 15) << 2] : '=';
        *into++ = '=';
    }
    return (size_t)(into - start);
}

static void send_text(struct leg *leg, const char *text, size_t count) {
    if (!leg->wsi) return;
    memcpy(out + LWS_PRE, text, count);
    if (!lws_partial_buffered(leg->wsi)) lws_write(leg->wsi, out + LWS_PRE, count, LWS_WRITE_TEXT);
}

static void play(struct call *call) {
    if (!call->carrier.wsi || !call->prefix_bytes) return;
    double t = now();
    while (call->count >= FRAME && call->played_out - t <= (LEAD_MS - 20) / 1e3) {
        unsigned char frame[FRAME];
        for (int i = 0; i < FRAME; i++) frame[i] = call->ring[(call->head + (size_t)i) & (RING - 1)];
        call->head = (call->head + FRAME) & (RING - 1);
        call->count -= FRAME;
        char *message = (char *)out + LWS_PRE;
        memcpy(message, call->prefix, call->prefix_bytes);
        size_t count = call->prefix_bytes + encode(frame, FRAME, message + call->prefix_bytes);
        memcpy(message + count, "\"}}", 3);
        count += 3;
        if (!lws_partial_buffered(call->carrier.wsi))
            lws_write(call->carrier.wsi, (unsigned char *)message, count, LWS_WRITE_TEXT);
        call->played_out = (call->played_out > t ? call->played_out : t) + 0.02;
    }
    if (call->count >= FRAME && !call->timing) {
        double wait = call->played_out - (LEAD_MS - 20) / 1e3 - t;
        ev_timer_set(&call->timer, wait > 0 ? wait : 0, 0);
        ev_timer_start(loop, &call->timer);
        call->timing = true;
    }
}

static void timer_fired(struct ev_loop *l, ev_timer *timer, int events) {
    (void)l;
    (void)events;
    struct call *call = timer->data;
    call->timing = false;
    play(call);
}

static void dial(struct call *call) {
    struct lws_client_connect_info info = {0};
    info.context = context;
    info.vhost = client_host;
    info.address = info.host = info.origin = "127.0.0.1";
    info.port = agent_port;
    info.path = "/v1/agent/converse";
    info.opaque_user_data = &call->agent;
    info.pwsi = &call->agent.wsi;
    if (tls)
        info.ssl_connection = LCCSCF_USE_SSL | LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK |
                              LCCSCF_ALLOW_INSECURE;
    lws_client_connect_via_info(&info);
}

static void carrier_said(struct call *call, const char *text, size_t count) {
    const char *payload = memmem(text, count, "\"payload\":\"", 11);
    if (payload) {
        payload += 11;
        const char *end = memchr(payload, '"', (size_t)(text + count - payload));
        if (!end) return;
        size_t bytes = decode(payload, end, out + LWS_PRE);
        if (!call->agent_ready) {
            if (call->early_bytes + bytes > EARLY) return;
            memcpy(call->early + call->early_bytes, out + LWS_PRE, bytes);
            call->early_bytes += bytes;
            return;
        }
        if (!call->agent.wsi || lws_partial_buffered(call->agent.wsi)) return;
        lws_write(call->agent.wsi, out + LWS_PRE, bytes, LWS_WRITE_BINARY);
        return;
    }
    const char *sid = memmem(text, count, "\"streamSid\":\"", 13);
    if (sid && !call->prefix_bytes && memmem(text, count, "\"start\"", 7)) {
        call->prefix_bytes = (size_t)snprintf(
            call->prefix, sizeof call->prefix, "{\"event\":\"media\",\"streamSid\":\"%.34s\",\"media\":{\"payload\":\"",
            sid + 13);
        dial(call);
    }
}

static void agent_said(struct call *call, const char *text, size_t count) {
    if (memmem(text, count, "\"Welcome\"", 9)) {
        const char settings[] = "{\"type\":\"Settings\"}";
        send_text(&call->agent, settings, sizeof settings - 1);
        call->agent_ready = true;
        if (!call->early_bytes || lws_partial_buffered(call->agent.wsi)) return;
        memcpy(out + LWS_PRE, call->early, call->early_bytes);
        lws_write(call->agent.wsi, out + LWS_PRE, call->early_bytes, LWS_WRITE_BINARY);
    } else if (memmem(text, count, "UserStartedSpeaking", 19)) {
        if (call->played_out > now() || call->count) {
            char message[128];
            const char *sid = strstr(call->prefix, "MZ");
            int length = snprintf(message, sizeof message, "{\"event\":\"clear\",\"streamSid\":\"%.34s\"}", sid ? sid : "");
            send_text(&call->carrier, message, (size_t)length);
        }
        call->count = 0;
        call->played_out = 0;
        if (call->timing) ev_timer_stop(loop, &call->timer);
        call->timing = false;
    }
}

static void agent_spoke(struct call *call, const unsigned char *bytes, size_t count) {
    if (call->count + count > RING) return;
    for (size_t i = 0; i < count; i++) call->ring[(call->head + call->count + i) & (RING - 1)] = bytes[i];
    call->count += count;
    play(call);
}

static void leg_gone(struct leg *leg) {
    struct call *call = leg->call;
    leg->wsi = NULL;
    free(leg->assembly);
    leg->assembly = NULL;
    struct leg *other = leg->is_agent ? &call->carrier : &call->agent;
    if (other->wsi) {
        lws_set_timeout(other->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
        return;
    }
    if (call->timing) ev_timer_stop(loop, &call->timer);
    free(call->ring);
    free(call);
}

static void received(struct leg *leg, struct lws *wsi, void *bytes, size_t count) {
    bool whole = lws_is_final_fragment(wsi) && !leg->assembled;
    if (!whole) {
        if (!leg->assembly) leg->assembly = malloc(MESSAGE);
        if (!leg->assembly || leg->assembled + count > MESSAGE) return;
        memcpy(leg->assembly + leg->assembled, bytes, count);
        leg->assembled += count;
        if (!lws_is_final_fragment(wsi)) return;
        bytes = leg->assembly;
        count = leg->assembled;
        leg->assembled = 0;
    }
    if (!leg->is_agent)
        carrier_said(leg->call, bytes, count);
    else if (lws_frame_is_binary(wsi))
        agent_spoke(leg->call, bytes, count);
    else
        agent_said(leg->call, bytes, count);
}

static int answer(struct lws *wsi, const char *type, const char *body) {
    unsigned char *start = out + LWS_PRE, *p = start, *end = out + sizeof out - 1;
    size_t count = strlen(body);
    if (lws_add_http_common_headers(wsi, 200, type, count, &p, end) || lws_finalize_write_http_header(wsi, start, &p, end))
        return 1;
    memcpy(start, body, count);
    if (lws_write(wsi, start, count, LWS_WRITE_HTTP_FINAL) < 0) return 1;
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t count) {
    (void)user;
    struct leg *leg = lws_get_opaque_user_data(wsi);
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        if (lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) > 0) return 0;
        return answer(wsi, "text/plain", "ok\n");
    case LWS_CALLBACK_HTTP_BODY: return 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION: {
        char body[256];
        snprintf(
            body, sizeof body,
            "<Response><Connect><Stream url=\"%s://127.0.0.1:%d/twilio/media\"/></Connect></Response>", tls ? "wss" : "ws",
            own_port);
        return answer(wsi, "text/xml", body);
    }
    case LWS_CALLBACK_ESTABLISHED: {
        struct call *call = calloc(1, sizeof *call);
        if (!call) return -1;
        call->ring = malloc(RING);
        call->carrier = (struct leg){.call = call, .wsi = wsi};
        call->agent = (struct leg){.call = call, .is_agent = true};
        ev_timer_init(&call->timer, timer_fired, 0, 0);
        call->timer.data = call;
        lws_set_opaque_user_data(wsi, &call->carrier);
        return 0;
    }
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_CLIENT_RECEIVE:
        if (leg) received(leg, wsi, in, count);
        return 0;
    case LWS_CALLBACK_CLOSED:
    case LWS_CALLBACK_CLIENT_CLOSED:
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        if (leg) leg_gone(leg);
        return 0;
    default: return 0;
    }
}

static const struct lws_protocols protocols[] = {
    {.name = "relay", .callback = callback, .rx_buffer_size = 4096, .tx_packet_size = 1 << 20},
    {0},
};

int main(int argc, char **argv) {
    if (argc != 3 && argc != 5) {
        fprintf(stderr, "usage: parley-relay PORT AGENT_PORT [CERTIFICATE KEY]\n");
        return 2;
    }
    own_port = atoi(argv[1]);
    agent_port = atoi(argv[2]);
    tls = argc == 5;
    memset(values, 0, sizeof values);
    for (int i = 0; i < 64; i++) values[(unsigned char)digits[i]] = (signed char)i;
    /* As the gateway's media threads, where it is permitted. */
    sched_setscheduler(0, SCHED_RR, &(struct sched_param){.sched_priority = sched_get_priority_min(SCHED_RR)});
    lws_set_log_level(LLL_ERR, NULL);
    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    void *loops[] = {loop};
    struct lws_context_creation_info info = {0};
    info.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
    if (tls) info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.foreign_loops = loops;
    info.count_threads = 1;
    context = lws_create_context(&info);
    if (!context) return 1;
    info.options = tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0;
    info.protocols = protocols;
    info.vhost_name = "client";
    client_host = lws_create_vhost(context, &info);
    info.vhost_name = "server";
    info.port = own_port;
    if (tls) {
        info.ssl_cert_filepath = argv[3];
        info.ssl_private_key_filepath = argv[4];
    }
    if (!client_host || !lws_create_vhost(context, &info)) return 1;
    ev_run(loop, 0);
    return 0;
}
