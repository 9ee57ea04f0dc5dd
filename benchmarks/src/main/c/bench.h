/*
 * What all peers share: the loop under test seen as libvirt's six public event functions, the C callbacks that
 * every system runs, and the line protocol by which the harness drives a peer.
 *
 * A workload is written once, here, and runs against any loop: the same fds, the same callback, the same clock.
 * The loop runs on a thread of its own and knows nothing of being measured; the workload runs on another thread
 * and samples counters that the callbacks leave behind. So no loop pays for its own measurement.
 */
#ifndef OSEVENT_BENCH_H
#define OSEVENT_BENCH_H

#include <stddef.h>
#include <stdint.h>

#define BENCH_EXPORT __attribute__((visibility("default")))

/* libvirt's event bits (virEventHandleType). */
enum { BENCH_READABLE = 1, BENCH_WRITABLE = 2, BENCH_ERROR = 4, BENCH_HANGUP = 8 };

typedef void (*bench_handle_cb)(int watch, int fd, int events, void *opaque);
typedef void (*bench_timeout_cb)(int timer, void *opaque);
typedef void (*bench_free_cb)(void *opaque);

/* The loop under test. Every function but the optional ones may be called from any thread. */
struct bench_loop {
    int (*add_handle)(int fd, int events, bench_handle_cb cb, void *opaque, bench_free_cb ff);
    void (*update_handle)(int watch, int events);
    int (*remove_handle)(int watch);
    int (*add_timeout)(int ms, bench_timeout_cb cb, void *opaque, bench_free_cb ff);
    void (*update_timeout)(int timer, int ms);
    int (*remove_timeout)(int timer);
    /* Optional: arms a timer once in nanoseconds from now; libvirt's interface knows milliseconds only. */
    void (*arm_timeout_ns)(int timer, long long ns);
    /* Optional: watches a socket of the loop's own (not the foreign library's); NULL means add_handle. */
    int (*add_io)(int fd, int events, bench_handle_cb cb, void *opaque, bench_free_cb ff);
    /* Optional: sets the budget of one turn for foreign fds; count 0 takes the budget away. */
    void (*set_budget)(int count, long long ns);
};

/* One registration's opaque. The callback that owns it is its only writer; the workload's thread samples it. */
struct bench_cell {
    uint64_t calls;
    int fd;      /* what the callback reads (chain, wake, echo) */
    int next_fd; /* what the chain callback makes ready */
    int id;      /* watch or timer id, as the loop gave it */
    int micros;  /* how long the busy callback works */
    int64_t stamp_ns;
};

/* The callbacks that all systems run. */
BENCH_EXPORT void bench_cb_count(int watch, int fd, int events, void *cell);
BENCH_EXPORT void bench_cb_busy(int watch, int fd, int events, void *cell);
BENCH_EXPORT void bench_cb_chain(int watch, int fd, int events, void *cell);
BENCH_EXPORT void bench_cb_stamp(int watch, int fd, int events, void *cell);
BENCH_EXPORT void bench_cb_echo(int watch, int fd, int events, void *cell);
BENCH_EXPORT void bench_cb_timeout(int timer, void *cell);
BENCH_EXPORT void bench_cb_freed(void *cell);
/* 1 stops the ring of bench_cb_chain: the token is then eaten instead of handed on. */
BENCH_EXPORT extern int bench_chain_stop;
/* How often bench_cb_freed was called in this process. */
BENCH_EXPORT extern uint64_t bench_freed;

/* Calls a function of a hook's shape that often, as the foreign library would. */
BENCH_EXPORT void bench_call(void (*function)(int, int), long times);

/* Which loop the workloads run against, and by which name its rows go. */
BENCH_EXPORT void bench_bind(const struct bench_loop *loop);
/* Binds virEventAddHandle and its five siblings of libvirt.so.0; -1 if libvirt cannot be loaded. */
BENCH_EXPORT int bench_bind_libvirt(void);
BENCH_EXPORT void bench_identity(const char *system, const char *transport, const char *seam);

/*
 * Carries out one request line and writes zero or more rows (a JSON object per line) to out:
 *   setup WORKLOAD key=value ...   registers what the workload needs
 *   measure key=value ...          makes it busy, measures once, makes it quiet again
 *   teardown                       removes every registration
 *   verify                         awaits that each was freed, exactly once
 * A loop that is not thread-safe has setup and teardown run on its own thread; verify waits for the loop.
 * Returns 0, or -1 with a row {"error": ...}.
 */
BENCH_EXPORT int bench_request(const char *line, char *out, size_t capacity);

/* Reads requests from stdin until its end, or, given arguments, runs them as one setup, measure, teardown and verify:
 * peer-epoll dispatch n=1024 k=64 ms=200 */
BENCH_EXPORT int bench_main(int argc, char **argv);

#endif
