/*
 * memory n=N k=K: N eventfds and K armed timeouts are registered. Bytes that malloc has in use for them, per
 * registration, and the kernel's bytes per fd of an epoll set (its slabs eventpoll_epi and eventpoll_pwq, read from
 * /proc/slabinfo, which only root may). What a managed heap holds is added by the harness.
 */
#include "internal.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>

static double malloc_bytes, kernel_bytes;

static double in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return (double)(info.uordblks + info.hblkhd);
}

/* Objects in use times their size; 0 where the file cannot be read. */
static double kernel_in_use(void)
{
    FILE *file = fopen("/proc/slabinfo", "r");
    double sum = 0;
    char line[512], name[64];
    unsigned long active, all, size;
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "%63s %lu %lu %lu", name, &active, &all, &size) == 4
            && (strcmp(name, "eventpoll_epi") == 0 || strcmp(name, "eventpoll_pwq") == 0))
            sum += (double)active * (double)size;
    if (file != NULL)
        fclose(file);
    return sum;
}

static int setup(const char *line, struct bench_out *out)
{
    long handles = bench_arg(line, "n", 18000), timeouts = bench_arg(line, "k", 100000);
    struct bench_cell *cells = bench_cells((int)(handles + timeouts));
    if (cells == NULL)
        return bench_error(out, "too many registrations");
    for (int i = 0; i < handles; i++)
        if ((cells[i].fd = bench_eventfd(i)) < 0)
            return bench_error(out, "out of fds at %d", i);
    double malloc_before = in_use(), kernel_before = kernel_in_use();
    for (int i = 0; i < handles; i++)
        if (bench_hold_handle(&cells[i], BENCH_READABLE, bench_cb_count) != 0)
            return bench_error(out, "the %d-th handle was refused", i);
    kernel_bytes = kernel_in_use() - kernel_before;
    for (long i = handles; i < handles + timeouts; i++)
        if (bench_hold_timeout(&cells[i], 600000 + (int)(i % 1000), bench_cb_timeout) != 0)
            return bench_error(out, "the %ld-th timeout was refused", i);
    malloc_bytes = in_use() - malloc_before;
    return 0;
}

static int measure(const char *line, struct bench_out *out)
{
    long handles = bench_arg(line, "n", 18000), timeouts = bench_arg(line, "k", 100000);
    bench_row(out, "memory-malloc", handles, timeouts, malloc_bytes / (double)(handles + timeouts), "bytes", NULL);
    bench_row(out, "memory-kernel", handles, 0, kernel_bytes / (double)handles, "bytes", NULL);
    return 0;
}

const struct bench_workload bench_memory = {"memory", setup, measure, NULL};
