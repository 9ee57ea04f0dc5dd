/*
 * libxl logs through an object whose message function takes a va_list, which no plain function pointer of the JVM can
 * read. This one formats the line first.
 */
#define _GNU_SOURCE
#include "osevent.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * struct xentoollog_logger and enum xentoollog_level of Xen's public header xentoollog.h (the same since Xen 4.1),
 * declared here so that the shim builds without Xen's headers. The first three members are all that libxl uses.
 */
struct toollog {
    void (*vmessage)(struct toollog *, int level, int errnoval, const char *context, const char *format, va_list);
    void (*progress)(struct toollog *, const char *context, const char *doing_what, int percent, unsigned long done,
                     unsigned long total);
    void (*destroy)(struct toollog *);

    osevent_log_sink *sink;
    void *opaque;
    int min_level;
    pid_t pid;
};

enum { LEVEL_PROGRESS = 4, NO_ERRNO = -1 };

/*
 * libxl logs from the children that it forks, too. There the sink's language has lost all its other threads, and a lock
 * that one of them held is held for ever: what a child says goes to standard error.
 */
static void give(struct toollog *self, int level, int errnoval, const char *context, const char *line)
{
    if (getpid() == self->pid)
        self->sink(self->opaque, level, errnoval, context, line);
    else
        dprintf(STDERR_FILENO, "%s: %s (child process %ld)\n", context != NULL ? context : "libxl", line, (long)getpid());
}

static void vmessage(struct toollog *, int, int, const char *, const char *, va_list)
    __attribute__((format(printf, 5, 0)));

static void vmessage(struct toollog *self, int level, int errnoval, const char *context, const char *format,
                     va_list arguments)
{
    char line[512];
    char *longer = NULL;
    va_list again;

    if (level < self->min_level)
        return;

    va_copy(again, arguments);
    int length = vsnprintf(line, sizeof line, format, arguments);
    if (length >= (int)sizeof line) {
        longer = malloc((size_t)length + 1);
        if (longer != NULL)
            vsnprintf(longer, (size_t)length + 1, format, again);
    }
    va_end(again);

    /* Without memory the line is cut off; a line that cannot be formatted is given as its format. */
    give(self, level, errnoval, context, length < 0 ? format : longer != NULL ? longer : line);
    free(longer);
}

static void progress(struct toollog *self, const char *context, const char *doing_what, int percent,
                     unsigned long done, unsigned long total)
{
    char line[512];

    if (LEVEL_PROGRESS < self->min_level)
        return;
    snprintf(line, sizeof line, "%s: %lu/%lu %d%%", doing_what, done, total, percent);
    give(self, LEVEL_PROGRESS, NO_ERRNO, context, line);
}

static void destroy(struct toollog *self)
{
    free(self);
}

void *osevent_logger_create(osevent_log_sink *sink, void *opaque, int min_level)
{
    struct toollog *self = malloc(sizeof *self);

    if (self != NULL)
        *self = (struct toollog){vmessage, progress, destroy, sink, opaque, min_level, getpid()};
    return self;
}

void osevent_logger_destroy(void *logger)
{
    free(logger);
}
