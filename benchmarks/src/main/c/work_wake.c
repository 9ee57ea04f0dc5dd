/*
 * wake n=N: N eventfds are registered and the loop sleeps. Another thread writes to one of them; the latency runs from
 * just before the write to the first line of the callback. Between two samples the loop has gap microseconds to fall
 * asleep again. p50 over the samples, p99 beside it.
 */
#include "internal.h"

#include <stdio.h>

enum { MAX_SAMPLES = 20000, DELIVERY_BOUND_MS = 2000 };

static struct bench_cell *cells;
static long registered;

static int setup(const char *line, struct bench_out *out)
{
    registered = bench_arg(line, "n", 1);
    cells = bench_cells((int)registered);
    for (int i = 0; cells != NULL && i < registered; i++) {
        cells[i].fd = bench_eventfd(i);
        if (bench_hold_handle(&cells[i], BENCH_READABLE, bench_cb_stamp) != 0)
            return bench_error(out, "the %d-th handle was refused", i);
    }
    return cells == NULL ? bench_error(out, "too many handles") : 0;
}

static int measure(const char *line, struct bench_out *out)
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
    bench_row(out, "wake", registered, 1, p50, "us", extra);
    return 0;
}

const struct bench_workload bench_wake = {"wake", setup, measure, NULL};
