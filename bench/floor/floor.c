// The floor under the load benchmark: what a call's frames cost when somebody takes them from one socket and puts them into
// another, and nothing else. One thread, epoll, bytes in and bytes out; no frames, JSON, base64, pacing or time. Whoever
// connects gets a connection to the agent's port; when one side ends, both do.
//
//   parley-floor PORT AGENT_PORT
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECE = 16 << 10, WAITING_MAX = 1 << 20, EVENTS = 256 };

struct side {
    struct pair *pair;
    struct side *other;
    int descriptor;
    // What the kernel did not take at once.
    unsigned char *waiting;
    size_t waiting_bytes;
};

struct pair {
    struct side carrier, agent;
    struct pair *next_ended;
    bool ended;
};

static int poller, agent_port;
static unsigned char piece[PIECE];
static struct pair *ended;

static struct sockaddr_in loopback(int port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void watch(struct side *side, int operation, bool writing) {
    struct epoll_event event = {.events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = side};
    epoll_ctl(poller, operation, side->descriptor, &event);
}

// Freed behind the turn: an event of the other side may still be in hand.
static void end(struct pair *pair) {
    if (pair->ended) return;
    pair->ended = true;
    close(pair->carrier.descriptor);
    close(pair->agent.descriptor);
    pair->next_ended = ended;
    ended = pair;
}

static void keep(struct side *side, const unsigned char *bytes, size_t count) {
    if (side->waiting_bytes + count > WAITING_MAX) return end(side->pair);
    unsigned char *room = realloc(side->waiting, side->waiting_bytes + count);
    if (!room) return end(side->pair);
    memcpy(room + side->waiting_bytes, bytes, count);
    side->waiting = room;
    side->waiting_bytes += count;
    watch(side, EPOLL_CTL_MOD, true);
}

static void pass(struct side *to, const unsigned char *bytes, size_t count) {
    ssize_t sent = 0;
    if (!to->waiting_bytes) {
        sent = send(to->descriptor, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != ENOTCONN) return end(to->pair);
        if (sent < 0) sent = 0;
    }
    if ((size_t)sent < count) keep(to, bytes + sent, count - (size_t)sent);
}

static void flush(struct side *side) {
    ssize_t sent = side->waiting_bytes ? send(side->descriptor, side->waiting, side->waiting_bytes, MSG_NOSIGNAL) : 0;
    if (sent < 0 && errno == EAGAIN) return;
    if (sent < 0) return end(side->pair);
    side->waiting_bytes -= (size_t)sent;
    memmove(side->waiting, side->waiting + sent, side->waiting_bytes);
    if (!side->waiting_bytes) watch(side, EPOLL_CTL_MOD, false);
}

static void receive(struct side *side) {
    ssize_t count = recv(side->descriptor, piece, sizeof piece, 0);
    if (count > 0) return pass(side->other, piece, (size_t)count);
    if (count == 0 || errno != EAGAIN) end(side->pair);
}

static void take_in(int listener) {
    int carrier = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (carrier < 0) return;
    int agent = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = loopback(agent_port);
    struct pair *pair = calloc(1, sizeof *pair);
    if (agent < 0 || !pair || (connect(agent, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS)) {
        if (agent >= 0) close(agent);
        close(carrier);
        free(pair);
        return;
    }
    setsockopt(carrier, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(agent, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    pair->carrier = (struct side){.pair = pair, .other = &pair->agent, .descriptor = carrier};
    pair->agent = (struct side){.pair = pair, .other = &pair->carrier, .descriptor = agent};
    watch(&pair->carrier, EPOLL_CTL_ADD, false);
    // Writable once it is connected.
    watch(&pair->agent, EPOLL_CTL_ADD, true);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: parley-floor PORT AGENT_PORT\n");
        return 2;
    }
    agent_port = atoi(argv[2]);
    signal(SIGPIPE, SIG_IGN);
    /* As the gateway's media threads, where it is permitted. */
    sched_setscheduler(0, SCHED_RR, &(struct sched_param){.sched_priority = sched_get_priority_min(SCHED_RR)});
    poller = epoll_create1(EPOLL_CLOEXEC);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = loopback(atoi(argv[1]));
    struct epoll_event event = {.events = EPOLLIN}, events[EVENTS];
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (poller < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, SOMAXCONN) ||
        epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event)) {
        perror("parley-floor");
        return 1;
    }
    for (;;) {
        int count = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            struct side *side = events[i].data.ptr;
            if (!side) {
                take_in(listener);
                continue;
            }
            if (!side->pair->ended && events[i].events & EPOLLOUT) flush(side);
            if (!side->pair->ended && events[i].events & ~(uint32_t)EPOLLOUT) receive(side);
        }
        while (ended) {
            struct pair *pair = ended;
            ended = pair->next_ended;
            free(pair->carrier.waiting);
            free(pair->agent.waiting);
            free(pair);
        }
    }
}
