/* Clock, fds, statistics, and the registrations that a workload holds. */
#define _GNU_SOURCE
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CELLS = 120000, FREED_BOUND_MS = 10000 };

const struct bench_loop *bench_loop;

static struct bench_cell *cells;
/* Cells, not ids: a workload that removes and adds again leaves the new id in the cell. */
static struct bench_cell *held_handles[MAX_CELLS], *held_timeouts[MAX_CELLS];
static int handle_count, timeout_count;
static uint64_t freed_expected;
static int *pool, pool_size;

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int64_t bench_now_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t bench_cpu_ns(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

void bench_sleep_ns(int64_t ns)
{
    struct timespec span = {.tv_sec = ns / 1000000000LL, .tv_nsec = ns % 1000000000LL};
    while (nanosleep(&span, &span) != 0)
        ;
}

int bench_await(const uint64_t *value, uint64_t expected, int bound_ms)
{
    int64_t end = bench_now_ns() + bound_ms * 1000000LL;
    while (__atomic_load_n(value, __ATOMIC_ACQUIRE) < expected) {
        if (bench_now_ns() > end)
            return -1;
        bench_sleep_ns(50000);
    }
    return 0;
}

void bench_make_ready(int fd)
{
    uint64_t one = 1;
    if (write(fd, &one, sizeof one) != sizeof one)
        perror("bench: write to an eventfd");
}

void bench_clear_ready(int fd)
{
    uint64_t value;
    /* EAGAIN is no error: the event was eaten already. */
    ssize_t got = read(fd, &value, sizeof value);
    (void)got;
}

int bench_eventfd(int i)
{
    if (i >= pool_size) {
        struct rlimit limit;
        if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
            limit.rlim_cur = limit.rlim_max;
            setrlimit(RLIMIT_NOFILE, &limit);
        }
        int size = i + 1;
        int *grown = realloc(pool, (size_t)size * sizeof *pool);
        if (grown == NULL)
            return -1;
        pool = grown;
        for (; pool_size < size; pool_size++) {
            pool[pool_size] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
            if (pool[pool_size] < 0)
                return -1;
        }
    }
    return pool[i];
}

void bench_shuffle(int *order, int n)
{
    uint64_t state = 88172645463325252ULL;
    for (int i = 0; i < n; i++)
        order[i] = i;
    for (int i = n - 1; i > 0; i--) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        int j = (int)(state % (uint64_t)(i + 1));
        int swap = order[i];
        order[i] = order[j], order[j] = swap;
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_quantile(double *values, int n, double p)
{
    if (n == 0)
        return 0;
    qsort(values, (size_t)n, sizeof *values, ascending);
    int index = (int)(p * (n - 1) + 0.5);
    return values[index];
}

struct bench_cell *bench_cells(int n)
{
    if (n > MAX_CELLS)
        return NULL;
    if (cells == NULL)
        cells = calloc(MAX_CELLS, sizeof *cells);
    if (cells != NULL)
        memset(cells, 0, (size_t)n * sizeof *cells);
    handle_count = timeout_count = 0;
    freed_expected = __atomic_load_n(&bench_freed, __ATOMIC_RELAXED);
    return cells;
}

int bench_add_handle(struct bench_cell *cell, int events, bench_handle_cb cb)
{
    cell->id = bench_loop->add_handle(cell->fd, events, cb, cell, bench_cb_freed);
    freed_expected += cell->id >= 0;
    return cell->id < 0 ? -1 : 0;
}

int bench_add_timeout(struct bench_cell *cell, int ms, bench_timeout_cb cb)
{
    cell->id = bench_loop->add_timeout(ms, cb, cell, bench_cb_freed);
    freed_expected += cell->id >= 0;
    return cell->id < 0 ? -1 : 0;
}

int bench_hold_handle(struct bench_cell *cell, int events, bench_handle_cb cb)
{
    if (bench_add_handle(cell, events, cb) != 0)
        return -1;
    held_handles[handle_count++] = cell;
    return 0;
}

int bench_hold_timeout(struct bench_cell *cell, int ms, bench_timeout_cb cb)
{
    if (bench_add_timeout(cell, ms, cb) != 0)
        return -1;
    held_timeouts[timeout_count++] = cell;
    return 0;
}

void bench_release_all(void)
{
    while (handle_count > 0)
        bench_loop->remove_handle(held_handles[--handle_count]->id);
    while (timeout_count > 0)
        bench_loop->remove_timeout(held_timeouts[--timeout_count]->id);
}

int bench_verify_freed(struct bench_out *out)
{
    if (bench_await(&bench_freed, freed_expected, FREED_BOUND_MS) != 0)
        return bench_error(out, "%lld registrations were removed and not freed within %d ms",
            (long long)(freed_expected - bench_freed), FREED_BOUND_MS);
    if (bench_freed != freed_expected)
        return bench_error(out, "%lld registrations were freed more than once",
            (long long)(bench_freed - freed_expected));
    return 0;
}
