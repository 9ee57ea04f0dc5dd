/* The callbacks that every loop under test runs. They are C in every row, so that rows differ by their loop alone. */
#include "bench.h"
#include "internal.h"

#include <sys/socket.h>
#include <unistd.h>

int bench_chain_stop;
uint64_t bench_freed;

/* Plain load, relaxed store: one writer, and a sampler on another thread that must not see a torn value. */
static void count(struct bench_cell *cell)
{
    __atomic_store_n(&cell->calls, cell->calls + 1, __ATOMIC_RELAXED);
}

/* The fd stays readable: nothing but the loop's own work is between two calls. */
void bench_cb_count(int watch, int fd, int events, void *opaque)
{
    (void)watch, (void)fd, (void)events;
    count(opaque);
}

/* A callback that keeps the loop's thread for a while; the fd stays readable. */
void bench_cb_busy(int watch, int fd, int events, void *opaque)
{
    (void)watch, (void)fd, (void)events;
    struct bench_cell *cell = opaque;
    int64_t end = bench_now_ns() + cell->micros * 1000LL;
    while (bench_now_ns() < end)
        ;
    count(cell);
}

/* Eats its own event and makes the next fd of the ring ready: one read and one write in every system. */
void bench_cb_chain(int watch, int fd, int events, void *opaque)
{
    (void)watch, (void)events;
    struct bench_cell *cell = opaque;
    bench_clear_ready(fd);
    count(cell);
    if (!__atomic_load_n(&bench_chain_stop, __ATOMIC_RELAXED))
        bench_make_ready(cell->next_fd);
}

/* Says when it was called, for the wake-up latency. */
void bench_cb_stamp(int watch, int fd, int events, void *opaque)
{
    (void)watch, (void)events;
    struct bench_cell *cell = opaque;
    cell->stamp_ns = bench_now_ns();
    bench_clear_ready(fd);
    __atomic_store_n(&cell->calls, cell->calls + 1, __ATOMIC_RELEASE);
}

/* Sends back what came. */
void bench_cb_echo(int watch, int fd, int events, void *opaque)
{
    (void)watch, (void)events;
    char buffer[512];
    ssize_t got = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got > 0 && send(fd, buffer, (size_t)got, MSG_DONTWAIT | MSG_NOSIGNAL) == got)
        count(opaque);
}

/* For timers that are armed and never expire; expiry is counted all the same. */
void bench_cb_timeout(int timer, void *opaque)
{
    (void)timer;
    count(opaque);
}

void bench_cb_freed(void *opaque)
{
    (void)opaque;
    __atomic_fetch_add(&bench_freed, 1, __ATOMIC_RELAXED);
}

void bench_call(void (*function)(int, int), long times)
{
    for (long i = 0; i < times; i++)
        function(1, 1);
}
