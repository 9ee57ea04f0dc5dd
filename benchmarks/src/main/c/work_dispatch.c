/*
 * dispatch n=N k=K [us=U]: N eventfds are registered, K of them, spread evenly, are readable and stay so. What is
 * measured is how many callbacks per second the loop makes, over a window of ms milliseconds in the middle of the
 * flood. With us=U each callback works for U microseconds.
 * chain n=N: a ring of N eventfds and one token; each callback eats its event and makes the next fd readable. Callbacks
 * per second, each with one read and one write of an eventfd.
 */
#include "internal.h"

#include <stdio.h>

/* One sample: when, how many callbacks so far, and the CPU time that the process has used. */
struct sample {
    int64_t ns;
    uint64_t calls;
    uint64_t least; /* calls of the fd that was served least */
    int64_t cpu_ns;
};

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

static struct sample take(void)
{
    struct sample sample = {.ns = bench_now_ns(), .cpu_ns = bench_cpu_ns(), .least = UINT64_MAX};
    for (long i = 0; i < ready; i++) {
        uint64_t calls = __atomic_load_n(&ready_cell(i)->calls, __ATOMIC_RELAXED);
        sample.calls += calls;
        sample.least = calls < sample.least ? calls : sample.least;
    }
    return sample;
}

/*
 * all_calls: those of the whole measurement, with the time before and after the window, for whoever counts garbage.
 * Two rows: callbacks per second, and callbacks per second of the process's CPU time, which hardly changes when other
 * processes take the machine's cores away.
 */
static void rows(
    struct bench_out *out, const char *name, long k, struct sample from, struct sample to, uint64_t all_calls)
{
    char cpu_name[48], extra[96];
    double calls = (double)(to.calls - from.calls) * 1e9;
    /* 0 for the fd that was served least means that one starved. */
    snprintf(extra, sizeof extra, ",\"leastCallsPerFd\":%llu,\"calls\":%llu",
        (unsigned long long)(to.least - from.least), (unsigned long long)all_calls);
    bench_row(out, name, registered, k, calls / (double)(to.ns - from.ns), "callbacks/s", extra);
    snprintf(cpu_name, sizeof cpu_name, "%s-cpu", name);
    bench_row(out, cpu_name, registered, k, calls / (double)(to.cpu_ns - from.cpu_ns), "callbacks/cpu-s", NULL);
}

static int measure(const char *line, struct bench_out *out)
{
    long ms = bench_arg(line, "ms", 100);
    long micros = bench_arg(line, "us", 0);
    uint64_t calls = take().calls;
    for (long i = 0; i < ready; i++)
        bench_make_ready(ready_cell(i)->fd);
    bench_sleep_ns(ms * 1000000LL / 5);
    struct sample from = take();
    bench_sleep_ns(ms * 1000000LL);
    struct sample to = take();
    for (long i = 0; i < ready; i++)
        bench_clear_ready(ready_cell(i)->fd);
    char name[32];
    snprintf(name, sizeof name, micros > 0 ? "dispatch-%ldus" : "dispatch", micros);
    rows(out, name, ready, from, to, take().calls - calls);
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
    __atomic_store_n(&bench_chain_stop, 0, __ATOMIC_RELAXED);
    bench_make_ready(cells[0].fd);
    bench_sleep_ns(ms * 1000000LL / 5);
    struct sample from = take();
    bench_sleep_ns(ms * 1000000LL);
    struct sample to = take();
    __atomic_store_n(&bench_chain_stop, 1, __ATOMIC_RELAXED);
    /* Long enough for the token to reach a callback, which eats it. */
    bench_sleep_ns(5000000);
    rows(out, "chain", 1, from, to, to.calls - from.calls);
    return 0;
}

const struct bench_workload bench_dispatch = {"dispatch", setup, measure, NULL};
const struct bench_workload bench_chain = {"chain", chain_setup, chain_measure, NULL};
