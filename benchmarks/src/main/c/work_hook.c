/*
 * hook n=N [awake=1]: N eventfds that never become ready are registered. A foreign thread removes some of them, adds
 * them again and updates them twice (to nothing, back to readable), in an order that is random over all N; ns per
 * call, the median of batches of up to 100 calls of one kind. For libvirt's systems that is the whole path from
 * virEventAddHandle on; for the C loop it is a raw epoll_ctl ADD, MOD or DEL. With awake=1 one more fd is always
 * readable, so that the loop runs all the while; else it sleeps. With only=1 it makes updates alone.
 * timer-hook n=N: the same for N armed timeouts that do not expire; the update moves the deadline.
 */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 100, MAX_BATCHES = 20000, MAX_N = 100000, FAR_MS = 600000 };

static struct bench_cell *cells;
static struct bench_cell *always_ready;
static long registered;
static int only_updates;
static int order[MAX_N];

static int setup(const char *line, struct bench_out *out)
{
    registered = bench_arg(line, "n", 10);
    cells = registered > MAX_N ? NULL : bench_cells((int)registered + 1);
    if (cells == NULL)
        return bench_error(out, "too many handles");
    bench_shuffle(order, (int)registered);
    for (int i = 0; i < registered; i++) {
        cells[i].fd = bench_eventfd(i);
        if (bench_hold_handle(&cells[i], BENCH_READABLE, bench_cb_count) != 0)
            return bench_error(out, "the %d-th handle was refused", i);
    }
    always_ready = NULL;
    if (bench_arg(line, "awake", 0)) {
        always_ready = &cells[registered];
        always_ready->fd = bench_eventfd((int)registered);
        if (bench_hold_handle(always_ready, BENCH_READABLE, bench_cb_count) != 0)
            return bench_error(out, "the handle that keeps the loop awake was refused");
    }
    return 0;
}

static int timer_setup(const char *line, struct bench_out *out)
{
    registered = bench_arg(line, "n", 10);
    cells = registered > MAX_N ? NULL : bench_cells((int)registered);
    if (cells == NULL)
        return bench_error(out, "too many timeouts");
    always_ready = NULL;
    bench_shuffle(order, (int)registered);
    for (int i = 0; i < registered; i++)
        if (bench_hold_timeout(&cells[i], FAR_MS + order[i], bench_cb_timeout) != 0)
            return bench_error(out, "the %d-th timeout was refused", i);
    return 0;
}

/* Nanoseconds per call of each batch: their median is the row, since a batch that was preempted says nothing. */
struct cost {
    double remove[MAX_BATCHES], add[MAX_BATCHES], update[MAX_BATCHES];
    int batches;
    long calls;
};
static struct cost cost;

static void take_times(int64_t remove, int64_t add, int64_t update, int batch)
{
    if (cost.batches < MAX_BATCHES) {
        cost.remove[cost.batches] = (double)remove / batch;
        cost.add[cost.batches] = (double)add / batch;
        cost.update[cost.batches] = (double)update / batch;
        cost.batches++;
    }
    cost.calls += batch;
}

/* The next batch of a walk over the whole random order, so that a batch is random over all N. */
static int handle_batch(long at, int batch)
{
    int failed = 0;
    int64_t t0 = bench_now_ns();
    for (int i = 0; i < batch && !only_updates; i++)
        failed |= bench_loop->remove_handle(cells[order[(at + i) % registered]].id);
    int64_t t1 = bench_now_ns();
    for (int i = 0; i < batch && !only_updates; i++)
        failed |= bench_add_handle(&cells[order[(at + i) % registered]], BENCH_READABLE, bench_cb_count);
    int64_t t2 = bench_now_ns();
    for (int i = 0; i < batch; i++)
        bench_loop->update_handle(cells[order[(at + i) % registered]].id, 0);
    for (int i = 0; i < batch; i++)
        bench_loop->update_handle(cells[order[(at + i) % registered]].id, BENCH_READABLE);
    int64_t t3 = bench_now_ns();
    take_times(t1 - t0, t2 - t1, (t3 - t2) / 2, batch);
    return failed;
}

static int timer_batch(long at, int batch)
{
    int failed = 0;
    int64_t t0 = bench_now_ns();
    for (int i = 0; i < batch; i++)
        failed |= bench_loop->remove_timeout(cells[order[(at + i) % registered]].id);
    int64_t t1 = bench_now_ns();
    for (int i = 0; i < batch; i++)
        failed |= bench_add_timeout(
            &cells[order[(at + i) % registered]], FAR_MS + (int)((at + i * 7919L) % registered), bench_cb_timeout);
    int64_t t2 = bench_now_ns();
    for (int i = 0; i < batch; i++)
        bench_loop->update_timeout(
            cells[order[(at + i) % registered]].id, FAR_MS + (int)((at + i * 104729L) % registered));
    int64_t t3 = bench_now_ns();
    take_times(t1 - t0, t2 - t1, t3 - t2, batch);
    return failed;
}

static void row(struct bench_out *out, const char *prefix, const char *call, const char *suffix, double *times)
{
    char name[48], extra[48];
    snprintf(name, sizeof name, "%s-%s%s", prefix, call, suffix);
    snprintf(extra, sizeof extra, ",\"calls\":%ld", cost.calls);
    bench_row(out, name, registered, 0, bench_quantile(times, cost.batches, 0.5), "ns", extra);
}

static void rows(struct bench_out *out, const char *prefix, const char *suffix)
{
    row(out, prefix, "update", suffix, cost.update);
    if (only_updates)
        return;
    row(out, prefix, "add", suffix, cost.add);
    row(out, prefix, "remove", suffix, cost.remove);
}

/* Batches until ms have gone, with a pause after each in which the loop falls asleep and runs the ffs. */
static int measure_batches(const char *line, int (*run)(long, int), struct bench_out *out)
{
    cost.batches = 0;
    cost.calls = 0;
    long ms = bench_arg(line, "ms", 100);
    long pause_us = bench_arg(line, "pause", 200);
    int batch = registered < BATCH ? (int)registered : BATCH;
    int64_t end = bench_now_ns() + ms * 1000000LL;
    long at = 0;
    do {
        if (run(at, batch) != 0)
            return bench_error(out, "a call of the loop failed");
        at = (at + batch) % registered;
        if (pause_us > 0)
            bench_sleep_ns(pause_us * 1000LL);
    } while (bench_now_ns() < end);
    return 0;
}

static int measure(const char *line, struct bench_out *out)
{
    only_updates = bench_arg(line, "only", 0) != 0;
    if (always_ready != NULL)
        bench_make_ready(always_ready->fd);
    int failed = measure_batches(line, handle_batch, out);
    if (always_ready != NULL)
        bench_clear_ready(always_ready->fd);
    if (failed == 0)
        rows(out, "hook", always_ready != NULL ? "-awake" : "-asleep");
    return failed;
}

static int timer_measure(const char *line, struct bench_out *out)
{
    only_updates = 0;
    int failed = measure_batches(line, timer_batch, out);
    if (failed == 0)
        rows(out, "timer-hook", "");
    return failed;
}

const struct bench_workload bench_hook = {"hook", setup, measure, NULL};
const struct bench_workload bench_timer_hook = {"timer-hook", timer_setup, timer_measure, NULL};
