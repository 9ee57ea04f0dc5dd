/* The line protocol, and the rows it answers with. */
#define _GNU_SOURCE
#include "internal.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORKLOADS = 16 };
static const struct bench_workload *workloads[MAX_WORKLOADS] = {&bench_dispatch, &bench_chain, &bench_wake, &bench_hook,
    &bench_lateness, &bench_timer_hook, &bench_echo, &bench_memory};

static char name_system[64] = "unnamed", name_transport[64] = "", name_seam[64] = "";
static const struct bench_workload *current;
static char setup_line[256];

void bench_extend(const struct bench_workload *workload)
{
    int i = 0;
    while (i < MAX_WORKLOADS - 1 && workloads[i] != NULL)
        i++;
    workloads[i] = workload;
}

void bench_bind(const struct bench_loop *loop)
{
    bench_loop = loop;
}

static struct bench_loop libvirt;

static int bind_function(void *library, const char *name, void *slot)
{
    void *function = dlsym(library, name);
    memcpy(slot, &function, sizeof function);
    return function == NULL ? -1 : 0;
}

int bench_bind_libvirt(void)
{
    void *library = dlopen("libvirt.so.0", RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL || bind_function(library, "virEventAddHandle", &libvirt.add_handle) != 0
        || bind_function(library, "virEventUpdateHandle", &libvirt.update_handle) != 0
        || bind_function(library, "virEventRemoveHandle", &libvirt.remove_handle) != 0
        || bind_function(library, "virEventAddTimeout", &libvirt.add_timeout) != 0
        || bind_function(library, "virEventUpdateTimeout", &libvirt.update_timeout) != 0
        || bind_function(library, "virEventRemoveTimeout", &libvirt.remove_timeout) != 0) {
        fprintf(stderr, "bench: %s\n", dlerror());
        return -1;
    }
    bench_bind(&libvirt);
    return 0;
}

void bench_identity(const char *system, const char *transport, const char *seam)
{
    snprintf(name_system, sizeof name_system, "%s", system);
    snprintf(name_transport, sizeof name_transport, "%s", transport);
    snprintf(name_seam, sizeof name_seam, "%s", seam);
}

static const char *find_arg(const char *line, const char *key)
{
    size_t length = strlen(key);
    for (const char *at = line; (at = strstr(at, key)) != NULL; at += length)
        if ((at == line || at[-1] == ' ') && at[length] == '=')
            return at + length + 1;
    return NULL;
}

/* The request's own argument, else the one given at setup, else the fallback. */
long bench_arg(const char *line, const char *key, long fallback)
{
    const char *value = find_arg(line, key);
    if (value == NULL)
        value = find_arg(setup_line, key);
    return value == NULL ? fallback : strtol(value, NULL, 10);
}

static void append(struct bench_out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void append(struct bench_out *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(out->text + out->used, out->capacity - out->used, format, arguments);
    va_end(arguments);
    if (length > 0 && (size_t)length < out->capacity - out->used)
        out->used += (size_t)length;
    else
        out->text[out->used] = 0; /* a row that does not fit is left out whole */
}

void bench_row(struct bench_out *out, const char *workload, long n, long k, double value, const char *unit,
    const char *extra)
{
    append(out,
        "{\"workload\":\"%s\",\"system\":\"%s\",\"transport\":\"%s\",\"seam\":\"%s\",\"n\":%ld,\"k\":%ld,"
        "\"value\":%.6g,\"unit\":\"%s\"%s}\n",
        workload, name_system, name_transport, name_seam, n, k, value, unit, extra == NULL ? "" : extra);
}

int bench_error(struct bench_out *out, const char *format, ...)
{
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    append(out, "{\"system\":\"%s\",\"error\":\"%s: %s\"}\n", name_system,
        current == NULL ? "request" : current->name, message);
    return -1;
}

static int run_setup(const char *arguments, struct bench_out *out)
{
    char name[64] = "";
    sscanf(arguments, "%63s", name);
    snprintf(setup_line, sizeof setup_line, "%s", arguments);
    current = NULL;
    for (int i = 0; i < MAX_WORKLOADS && workloads[i] != NULL; i++)
        if (strcmp(workloads[i]->name, name) == 0)
            current = workloads[i];
    if (current == NULL)
        return bench_error(out, "no workload of the name %s", name);
    if (bench_loop == NULL)
        return bench_error(out, "no loop is bound");
    return current->setup(arguments, out);
}

static int run_teardown(void)
{
    if (current != NULL && current->teardown != NULL)
        current->teardown();
    bench_release_all();
    return 0;
}

int bench_request(const char *line, char *text, size_t capacity)
{
    struct bench_out out = {.text = text, .capacity = capacity};
    text[0] = 0;
    if (strncmp(line, "setup ", 6) == 0)
        return run_setup(line + 6, &out);
    if (strncmp(line, "measure", 7) == 0)
        return current == NULL ? bench_error(&out, "measure before setup") : current->measure(line + 7, &out);
    if (strncmp(line, "teardown", 8) == 0)
        return run_teardown();
    if (strncmp(line, "verify", 6) == 0)
        return bench_verify_freed(&out);
    return bench_error(&out, "unknown request");
}

enum { ANSWER = 65536 };

static int run_once(int argc, char **argv)
{
    static char answer[ANSWER];
    char line[256] = "setup";
    for (int i = 1; i < argc; i++) {
        strncat(line, " ", sizeof line - strlen(line) - 1);
        strncat(line, argv[i], sizeof line - strlen(line) - 1);
    }
    const char *const steps[] = {line, "measure", "teardown", "verify"};
    int failed = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        failed |= bench_request(steps[i], answer, sizeof answer);
        fputs(answer, stdout);
    }
    return failed == 0 ? 0 : 1;
}

/* An answer ends with a line that holds a single dot. */
int bench_main(int argc, char **argv)
{
    static char answer[ANSWER];
    char line[512];
    if (argc > 1)
        return run_once(argc, argv);
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = 0;
        bench_request(line, answer, sizeof answer);
        printf("%s.\n", answer);
        fflush(stdout);
    }
    return 0;
}
