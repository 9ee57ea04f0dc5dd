/*
 * lateness us=U [foreign=1]: one timeout of U microseconds, armed again as soon as it has expired; lateness runs from
 * the deadline (the time just before arming, plus U) to the first line of the callback. p50, p99, and how often it was
 * early. The callback itself arms it, as keepalive does; with foreign=1 another thread arms it while the loop sleeps.
 * A whole number of milliseconds goes through update_timeout, anything else through arm_timeout_ns where a loop has it.
 */
#include "internal.h"

#include <stdio.h>

enum { MAX_SAMPLES = 20000, DELIVERY_BOUND_MS = 3000 };

static struct bench_cell *cells; /* 0 is the timeout, 1 the eventfd that starts a run on the loop's thread */
static long period_us;
static int armed_by_foreign;
static int64_t armed_ns;
static double lateness[MAX_SAMPLES];
static uint64_t expired;
static uint64_t wanted;

static void arm(void)
{
    armed_ns = bench_now_ns();
    if (period_us % 1000 == 0)
        bench_loop->update_timeout(cells[0].id, (int)(period_us / 1000));
    else
        bench_loop->arm_timeout_ns(cells[0].id, period_us * 1000LL);
}

static void on_timeout(int timer, void *opaque)
{
    (void)opaque;
    int64_t now = bench_now_ns();
    uint64_t done = expired;
    if (done >= wanted)
        return;
    lateness[done] = (double)(now - armed_ns - period_us * 1000LL) / 1000.0;
    if (armed_by_foreign || done + 1 == wanted)
        bench_loop->update_timeout(timer, -1);
    else
        arm();
    __atomic_store_n(&expired, done + 1, __ATOMIC_RELEASE);
}

static void on_start(int watch, int fd, int events, void *opaque)
{
    (void)watch, (void)events, (void)opaque;
    bench_clear_ready(fd);
    arm();
}

static int setup(const char *line, struct bench_out *out)
{
    period_us = bench_arg(line, "us", 1000);
    armed_by_foreign = bench_arg(line, "foreign", 0) != 0;
    if (period_us % 1000 != 0 && bench_loop->arm_timeout_ns == NULL)
        return bench_error(out, "this interface knows whole milliseconds only");
    cells = bench_cells(2);
    cells[1].fd = bench_eventfd(0);
    if (bench_hold_timeout(&cells[0], -1, on_timeout) != 0
        || bench_hold_handle(&cells[1], BENCH_READABLE, on_start) != 0)
        return bench_error(out, "a registration was refused");
    return 0;
}

/* From another thread, once for each sample, after the loop had time to fall asleep. */
static int run_foreign(void)
{
    for (uint64_t i = 1; i <= wanted; i++) {
        bench_sleep_ns(300000);
        arm();
        bench_sleep_ns(period_us * 1000LL);
        if (bench_await(&expired, i, DELIVERY_BOUND_MS) != 0)
            return -1;
    }
    return 0;
}

static int measure(const char *line, struct bench_out *out)
{
    long samples = bench_arg(line, "samples", 50);
    wanted = (uint64_t)(samples > MAX_SAMPLES ? MAX_SAMPLES : samples);
    __atomic_store_n(&expired, 0, __ATOMIC_RELEASE);
    int failed;
    if (armed_by_foreign) {
        failed = run_foreign();
    } else {
        bench_make_ready(cells[1].fd);
        failed = bench_await(&expired, wanted, DELIVERY_BOUND_MS + (int)((long)wanted * period_us / 500));
    }
    if (failed != 0)
        return bench_error(out, "a timeout of %ld us did not expire within its bound", period_us);
    int early = 0;
    for (uint64_t i = 0; i < wanted; i++)
        early += lateness[i] < 0;
    double p50 = bench_quantile(lateness, (int)wanted, 0.5);
    char name[48], extra[96];
    snprintf(name, sizeof name, "lateness-%ldus%s", period_us, armed_by_foreign ? "-foreign" : "");
    snprintf(extra, sizeof extra, ",\"p99\":%.6g,\"early\":%d", bench_quantile(lateness, (int)wanted, 0.99), early);
    bench_row(out, name, 1, 1, p50, "us", extra);
    return 0;
}

const struct bench_workload bench_lateness = {"lateness", setup, measure, NULL};
