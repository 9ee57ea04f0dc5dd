/* See remote.h. */
#define _GNU_SOURCE
#include "remote.h"
#include "internal.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

enum { MAX_CONNECTIONS = 2000, ARRIVAL_BOUND_MS = 60000, POLL_NS = 2000000 };

static virConnectPtr connections[MAX_CONNECTIONS];
static int callback_ids[MAX_CONNECTIONS];
static int open_connections;
static const char *name; /* of the rows: a handler of another kind on the other side is another workload */
static uint64_t events, expected;
static int64_t first_ns, last_ns;
static double cpu_at_setup, cpu_at_end;

/* User and system time of this process, in microseconds. */
static double cpu_us(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6
        + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static int on_lifecycle(virConnectPtr connection, virDomainPtr domain, int event, int detail, void *opaque)
{
    (void)connection, (void)domain, (void)event, (void)detail, (void)opaque;
    uint64_t count = events + 1;
    if (count == 1)
        first_ns = bench_now_ns();
    if (count == expected) {
        last_ns = bench_now_ns();
        cpu_at_end = cpu_us();
    }
    __atomic_store_n(&events, count, __ATOMIC_RELEASE);
    return 0;
}

static void no_report(void *opaque, virErrorPtr error)
{
    (void)opaque, (void)error;
}

static int setup(const char *line, struct bench_out *out)
{
    char uri[192] = "";
    const char *at = strstr(line, "uri=");
    if (at == NULL || sscanf(at + 4, "%191s", uri) != 1)
        return bench_error(out, "no uri given");
    int wanted = (int)bench_arg(line, "n", 50);
    if (wanted > MAX_CONNECTIONS)
        return bench_error(out, "at most %d connections", MAX_CONNECTIONS);
    virSetErrorFunc(NULL, no_report);
    bench_cells(1);
    name = bench_arg(line, "stream", 0) ? "remote-stream" : "remote";
    expected = (uint64_t)wanted * (uint64_t)bench_arg(line, "ops", 1000);
    events = 0;
    for (open_connections = 0; open_connections < wanted; open_connections++) {
        int i = open_connections;
        connections[i] = virConnectOpen(uri);
        if (connections[i] == NULL)
            return bench_error(out, "connection %d to %s was refused", i, uri);
        callback_ids[i] = virConnectDomainEventRegisterAny(connections[i], NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
            VIR_DOMAIN_EVENT_CALLBACK(on_lifecycle), NULL, NULL);
        if (callback_ids[i] < 0)
            return bench_error(out, "no lifecycle callback on connection %d", i);
    }
    cpu_at_setup = cpu_us();
    return 0;
}

static int measure(const char *line, struct bench_out *out)
{
    (void)line;
    int64_t bound = bench_now_ns() + ARRIVAL_BOUND_MS * 1000000LL;
    while (__atomic_load_n(&events, __ATOMIC_ACQUIRE) < expected && bench_now_ns() < bound)
        bench_sleep_ns(POLL_NS);
    if (events != expected)
        return bench_error(out, "%llu of %llu events arrived within %d ms", (unsigned long long)events,
            (unsigned long long)expected, ARRIVAL_BOUND_MS);
    double all = (double)expected;
    char row[32];
    snprintf(row, sizeof row, "%s-events", name);
    bench_row(out, row, open_connections, open_connections, all * 1e9 / (double)(last_ns - first_ns), "events/s", NULL);
    snprintf(row, sizeof row, "%s-cpu", name);
    bench_row(out, row, open_connections, open_connections, (cpu_at_end - cpu_at_setup) / all, "us/event", NULL);
    return 0;
}

static void teardown(void)
{
    while (open_connections > 0) {
        open_connections--;
        virConnectDomainEventDeregisterAny(connections[open_connections], callback_ids[open_connections]);
        virConnectClose(connections[open_connections]);
    }
}

static const struct bench_workload remote = {"remote", setup, measure, teardown};

void remote_register(void)
{
    bench_extend(&remote);
}
