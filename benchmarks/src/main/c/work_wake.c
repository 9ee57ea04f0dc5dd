/*
 * wake n=N: N eventfds are registered and the loop sleeps. Another thread writes to one of them; the latency runs from
 * just before the write to the first line of the callback. Between two samples the loop has gap microseconds to fall
 * asleep again. p50 over the samples, p99 beside it.
 * Where the two threads run is left to the scheduler, which wakes the loop now on the writer's CPU and now on another
 * that has to be woken itself: three to six times the time, in C too. With apart=1 (row wake-apart) each has a CPU of its
 * own while it is measured, so that all systems have the same way to go.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <sched.h>
#include <stdio.h>

enum { MAX_SAMPLES = 20000, DELIVERY_BOUND_MS = 2000 };

static struct bench_cell *cells;
static long registered;
static int apart;

/* Where the loop's thread is to go, which it does itself in its next callback. */
static cpu_set_t loop_cpus;
static int loop_moves;

static void on_event(int watch, int fd, int events, void *opaque)
{
    bench_cb_stamp(watch, fd, events, opaque);
    if (__atomic_exchange_n(&loop_moves, 0, __ATOMIC_ACQ_REL))
        sched_setaffinity(0, sizeof loop_cpus, &loop_cpus);
}

/* Puts this thread and the loop's onto these CPUs. */
static int place(const cpu_set_t *writer, const cpu_set_t *loop)
{
    uint64_t calls = cells[0].calls;
    loop_cpus = *loop;
    __atomic_store_n(&loop_moves, 1, __ATOMIC_RELEASE);
    bench_make_ready(cells[0].fd);
    if (bench_await(&cells[0].calls, calls + 1, DELIVERY_BOUND_MS) != 0)
        return -1;
    return sched_setaffinity(0, sizeof *writer, writer);
}

/* The first two CPUs of a set, each as a set. */
static int two_of(const cpu_set_t *all, cpu_set_t *first, cpu_set_t *second)
{
    int found = 0;
    CPU_ZERO(first);
    CPU_ZERO(second);
    for (int cpu = 0; cpu < CPU_SETSIZE && found < 2; cpu++)
        if (CPU_ISSET(cpu, all))
            CPU_SET(cpu, found++ == 0 ? first : second);
    return found == 2 ? 0 : -1;
}

static int setup(const char *line, struct bench_out *out)
{
    registered = bench_arg(line, "n", 1);
    apart = bench_arg(line, "apart", 0) != 0;
    cells = bench_cells((int)registered);
    for (int i = 0; cells != NULL && i < registered; i++) {
        cells[i].fd = bench_eventfd(i);
        if (bench_hold_handle(&cells[i], BENCH_READABLE, on_event) != 0)
            return bench_error(out, "the %d-th handle was refused", i);
    }
    return cells == NULL ? bench_error(out, "too many handles") : 0;
}

static int sample(const char *line, struct bench_out *out)
{
    static double latency[MAX_SAMPLES];
    long samples = bench_arg(line, "samples", 200);
    long gap_us = bench_arg(line, "gap", 300);
    samples = samples > MAX_SAMPLES ? MAX_SAMPLES : samples;
    for (long i = 0; i < samples; i++) {
        struct bench_cell *cell = &cells[i * 7919 % registered];
        uint64_t calls = cell->calls;
        bench_sleep_ns(gap_us * 1000LL);
        int64_t written = bench_now_ns();
        bench_make_ready(cell->fd);
        bench_sleep_ns(gap_us * 1000LL);
        if (bench_await(&cell->calls, calls + 1, DELIVERY_BOUND_MS) != 0)
            return bench_error(out, "an event was not delivered within %d ms", DELIVERY_BOUND_MS);
        latency[i] = (double)(cell->stamp_ns - written) / 1000.0;
    }
    double p50 = bench_quantile(latency, (int)samples, 0.5);
    char extra[64];
    snprintf(extra, sizeof extra, ",\"p99\":%.6g", bench_quantile(latency, (int)samples, 0.99));
    bench_row(out, apart ? "wake-apart" : "wake", registered, 1, p50, "us", extra);
    return 0;
}

static int measure(const char *line, struct bench_out *out)
{
    cpu_set_t all, mine, other;
    if (!apart)
        return sample(line, out);
    if (sched_getaffinity(0, sizeof all, &all) != 0 || two_of(&all, &mine, &other) != 0)
        return bench_error(out, "it takes two CPUs");
    if (place(&mine, &other) != 0)
        return bench_error(out, "the threads could not be placed");
    int result = sample(line, out);
    return place(&all, &all) == 0 ? result : bench_error(out, "the threads could not be set free");
}

const struct bench_workload bench_wake = {"wake", setup, measure, NULL};
