/*
 * echo n=N [us=U] [port=P]: a TCP socket on loopback is echoed on the loop's thread while N eventfds are registered
 * beside it. The client, on another thread, sends 32 bytes and awaits them, and takes the round-trip time. One
 * measurement is a pair: first all quiet (echo-idle), then with all N fds always readable and a callback that counts,
 * or works for U microseconds (echo-flood); p50 of each and their ratio. The loop echoes by a callback of its own
 * unless port names a server that the loop under test already runs on the same thread (a Vert.x NetServer).
 */
#define _GNU_SOURCE
#include "internal.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { MAX_SAMPLES = 20000, LEAST_SAMPLES = 10, MESSAGE = 32, BUDGET = 128, BUDGET_NS = 200000, RECEIVE_BOUND_S = 10 };

static struct bench_cell *cells; /* the last one is the socket */
static long registered, micros;
static int client = -1, server = -1;

static int connect_to(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    struct timeval bound = {.tv_sec = RECEIVE_BOUND_S};
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

/* A connected pair of TCP sockets over loopback. */
static int connect_pair(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    int on = 1;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1) != 0
        || getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        return -1;
    client = connect_to(ntohs(address.sin_port));
    server = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    close(listener);
    if (server >= 0)
        setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return client < 0 || server < 0 ? -1 : 0;
}

static int setup(const char *line, struct bench_out *out)
{
    registered = bench_arg(line, "n", 1024);
    micros = bench_arg(line, "us", 0);
    long port = bench_arg(line, "port", 0);
    cells = bench_cells((int)registered + 1);
    client = server = -1;
    if (bench_loop->set_budget != NULL)
        bench_loop->set_budget(BUDGET, BUDGET_NS);
    if (port > 0)
        client = connect_to((int)port);
    else if (connect_pair() == 0) {
        struct bench_cell *socket_cell = &cells[registered];
        socket_cell->fd = server;
        /* A loop with a budget serves its own sockets beside the foreign fds, as an event loop with a guest does. */
        if (bench_loop->add_io != NULL)
            socket_cell->id = bench_loop->add_io(server, BENCH_READABLE, bench_cb_echo, socket_cell, NULL);
        else if (bench_hold_handle(socket_cell, BENCH_READABLE, bench_cb_echo) != 0)
            return bench_error(out, "the socket was refused");
    }
    if (client < 0)
        return bench_error(out, "no connection to the echo server");
    for (int i = 0; i < registered; i++) {
        cells[i].fd = bench_eventfd(i);
        cells[i].micros = (int)micros;
        if (bench_hold_handle(&cells[i], BENCH_READABLE, micros > 0 ? bench_cb_busy : bench_cb_count) != 0)
            return bench_error(out, "the %d-th handle was refused", i);
    }
    return 0;
}

/* How many were made: as many as wanted, or, of a slow loop, those of bound_ms; -1 if one did not come back. */
static int round_trips(double *values, long samples, long bound_ms)
{
    char message[MESSAGE] = "0123456789abcdef0123456789abcde";
    int64_t bound = bench_now_ns() + bound_ms * 1000000LL;
    for (long i = 0; i < samples; i++) {
        int64_t start = bench_now_ns();
        if (start > bound && i >= LEAST_SAMPLES)
            return (int)i;
        if (send(client, message, sizeof message, MSG_NOSIGNAL) != sizeof message
            || recv(client, message, sizeof message, MSG_WAITALL) != sizeof message)
            return -1;
        values[i] = (double)(bench_now_ns() - start) / 1000.0;
    }
    return (int)samples;
}

static int measure(const char *line, struct bench_out *out)
{
    static double values[MAX_SAMPLES];
    long samples = bench_arg(line, "samples", 200);
    long bound_ms = bench_arg(line, "ms", 300);
    samples = samples > MAX_SAMPLES ? MAX_SAMPLES : samples;
    round_trips(values, LEAST_SAMPLES, 0);
    int made = round_trips(values, samples, bound_ms);
    if (made <= 0)
        return bench_error(out, "no echo within %d s from a quiet loop", RECEIVE_BOUND_S);
    double idle = bench_quantile(values, made, 0.5);
    for (long i = 0; i < registered; i++)
        bench_make_ready(cells[i].fd);
    round_trips(values, LEAST_SAMPLES, 0);
    made = round_trips(values, samples, bound_ms);
    for (long i = 0; i < registered; i++)
        bench_clear_ready(cells[i].fd);
    if (made <= 0)
        return bench_error(out, "no echo within %d s under the flood", RECEIVE_BOUND_S);
    double flood = bench_quantile(values, made, 0.5);
    char suffix[24] = "", name[48], extra[64];
    if (micros > 0)
        snprintf(suffix, sizeof suffix, "-%ldus", micros);
    snprintf(name, sizeof name, "echo-idle%s", suffix);
    bench_row(out, name, registered, 0, idle, "us", NULL);
    snprintf(name, sizeof name, "echo-flood%s", suffix);
    snprintf(extra, sizeof extra, ",\"p99\":%.6g", bench_quantile(values, made, 0.99));
    bench_row(out, name, registered, registered, flood, "us", extra);
    snprintf(name, sizeof name, "echo-flood-over-idle%s", suffix);
    bench_row(out, name, registered, registered, flood / idle, "ratio", NULL);
    return 0;
}

static void teardown(void)
{
    if (server >= 0 && bench_loop->add_io != NULL)
        bench_loop->remove_handle(cells[registered].id);
    if (bench_loop->set_budget != NULL)
        bench_loop->set_budget(0, 0);
    bench_release_all();
    if (client >= 0)
        close(client);
    if (server >= 0)
        close(server);
    client = server = -1;
}

const struct bench_workload bench_echo = {"echo", setup, measure, teardown};
