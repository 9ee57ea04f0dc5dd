/*
 * dispatch n=N k=K [us=U]: N eventfds are registered, K of them, spread evenly, are readable and stay so. What is
 * measured is how many callbacks per second the loop makes, over a window of ms milliseconds in the middle of the
 * flood. With us=U each callback works for U microseconds.
 * chain n=N: a ring of N eventfds and one token; each callback eats its event and makes the next fd readable. Callbacks
 * per second, each with one read and one write of an eventfd.
 */
#include "internal.h"

#include <stdio.h>

static struct bench_cell *cells;
static long registered, ready;

static int setup(const char *line, struct bench_out *out)
{
    registered = bench_arg(line, "n", 1);
    ready = bench_arg(line, "k", 1);
    long micros = bench_arg(line, "us", 0);
    cells = bench_cells((int)registered);
    for (int i = 0; cells != NULL && i < registered; i++) {
        cells[i].fd = bench_eventfd(i);
        cells[i].micros = (int)micros;
        if (bench_hold_handle(&cells[i], BENCH_READABLE, micros > 0 ? bench_cb_busy : bench_cb_count) != 0)
            return bench_error(out, "the %d-th handle was refused", i);
    }
    return cells == NULL ? bench_error(out, "too many handles") : 0;
}

static struct bench_cell *ready_cell(long i)
{
    return &cells[i * registered / ready];
}

static uint64_t total(uint64_t *least)
{
    uint64_t sum = 0;
    *least = UINT64_MAX;
    for (long i = 0; i < ready; i++) {
        uint64_t calls = __atomic_load_n(&ready_cell(i)->calls, __ATOMIC_RELAXED);
        sum += calls;
        *least = calls < *least ? calls : *least;
    }
    return sum;
}

static int measure(const char *line, struct bench_out *out)
{
    long ms = bench_arg(line, "ms", 100);
    long micros = bench_arg(line, "us", 0);
    uint64_t least_before, least_after;
    for (long i = 0; i < ready; i++)
        bench_make_ready(ready_cell(i)->fd);
    bench_sleep_ns(ms * 1000000LL / 5);
    int64_t start = bench_now_ns();
    uint64_t before = total(&least_before);
    bench_sleep_ns(ms * 1000000LL);
    int64_t end = bench_now_ns();
    uint64_t after = total(&least_after);
    for (long i = 0; i < ready; i++)
        bench_clear_ready(ready_cell(i)->fd);
    char name[32], extra[64];
    snprintf(name, sizeof name, micros > 0 ? "dispatch-%ldus" : "dispatch", micros);
    /* The fd that was served least: 0 means that one starved. */
    snprintf(extra, sizeof extra, ",\"leastCallsPerFd\":%llu", (unsigned long long)(least_after - least_before));
    bench_row(out, name, registered, ready, (double)(after - before) * 1e9 / (double)(end - start), "callbacks/s",
        extra);
    return 0;
}

static int chain_setup(const char *line, struct bench_out *out)
{
    registered = bench_arg(line, "n", 64);
    ready = registered;
    cells = bench_cells((int)registered);
    for (int i = 0; cells != NULL && i < registered; i++) {
        cells[i].fd = bench_eventfd(i);
        cells[i].next_fd = bench_eventfd((int)((i + 1) % registered));
        if (bench_hold_handle(&cells[i], BENCH_READABLE, bench_cb_chain) != 0)
            return bench_error(out, "the %d-th handle was refused", i);
    }
    return cells == NULL ? bench_error(out, "too many handles") : 0;
}

static int chain_measure(const char *line, struct bench_out *out)
{
    long ms = bench_arg(line, "ms", 100);
    uint64_t least;
    __atomic_store_n(&bench_chain_stop, 0, __ATOMIC_RELAXED);
    bench_make_ready(cells[0].fd);
    bench_sleep_ns(ms * 1000000LL / 5);
    int64_t start = bench_now_ns();
    uint64_t before = total(&least);
    bench_sleep_ns(ms * 1000000LL);
    int64_t end = bench_now_ns();
    uint64_t after = total(&least);
    __atomic_store_n(&bench_chain_stop, 1, __ATOMIC_RELAXED);
    bench_sleep_ns(2000000);
    bench_row(out, "chain", registered, 1, (double)(after - before) * 1e9 / (double)(end - start), "callbacks/s", NULL);
    return 0;
}

const struct bench_workload bench_dispatch = {"dispatch", setup, measure, NULL};
const struct bench_workload bench_chain = {"chain", chain_setup, chain_measure, NULL};
