/* What the workloads of the library share among themselves. */
#ifndef OSEVENT_BENCH_INTERNAL_H
#define OSEVENT_BENCH_INTERNAL_H

#include "bench.h"

int64_t bench_now_ns(void);
int64_t bench_cpu_ns(void); /* CPU time of this process, all threads */
void bench_sleep_ns(int64_t ns);
/* Relaxes until *value reaches at least expected; -1 after bound_ms. */
int bench_await(const uint64_t *value, uint64_t expected, int bound_ms);

/* An eventfd that is readable stays so until bench_clear_ready. */
void bench_make_ready(int fd);
void bench_clear_ready(int fd);
/* The i-th eventfd of a pool that lives as long as the process: making 10,000 of them is not what is measured. */
int bench_eventfd(int i);

/* A permutation of 0..n-1, the same in every process. */
void bench_shuffle(int *order, int n);
/* Sorts and returns the p-quantile (0..1). */
double bench_quantile(double *values, int n, double p);

extern const struct bench_loop *bench_loop;

/* Arguments of a request: key=value words. */
long bench_arg(const char *line, const char *key, long fallback);

/* The answer under construction. */
struct bench_out {
    char *text;
    size_t capacity;
    size_t used;
};
/* One row; extra is NULL or further JSON members that start with a comma. */
void bench_row(struct bench_out *out, const char *workload, long n, long k, double value, const char *unit,
    const char *extra);
int bench_error(struct bench_out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct bench_workload {
    const char *name;
    int (*setup)(const char *line, struct bench_out *out);
    int (*measure)(const char *line, struct bench_out *out);
    void (*teardown)(void); /* what goes beyond bench_release_all; may be NULL */
};
extern const struct bench_workload bench_dispatch, bench_chain, bench_wake, bench_hook, bench_lateness,
    bench_timer_hook, bench_echo, bench_memory;

/* Adds a workload that only some peers have. */
void bench_extend(const struct bench_workload *workload);

/* Zeroed cells, whose address stays; forgets what was held before. */
struct bench_cell *bench_cells(int n);
int bench_add_handle(struct bench_cell *cell, int events, bench_handle_cb cb);
int bench_add_timeout(struct bench_cell *cell, int ms, bench_timeout_cb cb);
/* The same, and bench_release_all removes it by the id that the cell has then. */
int bench_hold_handle(struct bench_cell *cell, int events, bench_handle_cb cb);
int bench_hold_timeout(struct bench_cell *cell, int ms, bench_timeout_cb cb);
void bench_release_all(void);
/* Awaits one ff for each add since bench_cells; an error row if one is missing or came twice. */
int bench_verify_freed(struct bench_out *out);

#endif
