#define _GNU_SOURCE
#include "probe_loop.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <xentoollog.h>

#define WAIT_MS 10000 /* the longest that anything real here may take */
#define QUIET_MS 20   /* silence that passes for "nothing is on its way" */

__attribute__((format(printf, 2, 3))) static void say(struct loop *loop, const char *format, ...)
{
    va_list args;

    if (loop->muted)
        return;
    fputs("  ", stdout);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

void loop_say(struct loop *loop, const char *line)
{
    say(loop, "%s", line);
}

static const char *mask(short events)
{
    static char text[64];

    snprintf(text, sizeof text, "%s%s%s%s%s", events & POLLIN ? "|IN" : "", events & POLLPRI ? "|PRI" : "",
        events & POLLOUT ? "|OUT" : "", events & POLLERR ? "|ERR" : "", events & POLLHUP ? "|HUP" : "");
    return text[0] ? text + 1 : "0";
}

static const char *kind(int fd)
{
    struct stat info;

    if (fstat(fd, &info) < 0)
        return "closed";
    switch (info.st_mode & S_IFMT) {
    case S_IFIFO:
        return "pipe";
    case S_IFSOCK:
        return "socket";
    case S_IFREG:
        return "file";
    default:
        return "device";
    }
}

/* ---- Hooks: the registration that libxl gets to hold is the slot's address ------------------------------ */

static int fd_register(void *user, int fd, void **registration, short events, void *for_libxl)
{
    struct loop *loop = user;

    for (int i = 0; i < LOOP_SLOTS; i++) {
        struct loop_fd *slot = &loop->fds[i];

        if (slot->live)
            continue;
        *slot = (struct loop_fd){ .live = true, .fd = fd, .events = events, .for_libxl = for_libxl };
        slot->name = loop->muted ? '?' : loop->next_fd_name++;
        *registration = slot;
        say(loop, "fd_register %c %s %s", slot->name, kind(fd), mask(events));
        return 0;
    }
    return ERROR_OSEVENT_REG_FAIL;
}

static int fd_modify(void *user, int fd, void **registration, short events)
{
    struct loop_fd *slot = *registration;

    assert(slot->live && slot->fd == fd);
    slot->events = events;
    say(user, "fd_modify %c %s", slot->name, mask(events));
    return 0;
}

static void fd_deregister(void *user, int fd, void *registration)
{
    struct loop_fd *slot = registration;

    assert(slot->live && slot->fd == fd);
    slot->live = false;
    say(user, "fd_deregister %c", slot->name);
}

static struct timeval now(struct loop *loop)
{
    struct timeval time;

    gettimeofday(&time, NULL);
    timeradd(&time, &loop->skipped, &time);
    return time;
}

static int timeout_register(void *user, void **registration, struct timeval deadline, void *for_libxl)
{
    struct timeval current, left;
    struct loop *loop = user;

    /* libxl computed the deadline from the real clock. */
    timeradd(&deadline, &loop->skipped, &deadline);
    for (int i = 0; i < LOOP_SLOTS; i++) {
        struct loop_timeout *slot = &loop->timeouts[i];

        if (slot->live)
            continue;
        *slot = (struct loop_timeout){ .live = true, .deadline = deadline, .for_libxl = for_libxl };
        slot->name = loop->muted ? 0 : loop->next_timeout_name++;
        *registration = slot;
        current = now(loop);
        timersub(&deadline, &current, &left);
        say(loop, "timeout_register t%d +%lds", slot->name, (long)(left.tv_sec + (left.tv_usec >= 500000)));
        return 0;
    }
    return ERROR_OSEVENT_REG_FAIL;
}

static int timeout_modify(void *user, void **registration, struct timeval deadline)
{
    struct loop_timeout *slot = *registration;

    assert(slot->live && !timerisset(&deadline));
    slot->deadline = deadline;
    say(user, "timeout_modify t%d now", slot->name);
    return 0;
}

static void timeout_deregister(void *user, void *registration)
{
    (void)user, (void)registration;
    assert(!"timeout_deregister is never called");
}

static const libxl_osevent_hooks hooks = {
    fd_register,
    fd_modify,
    fd_deregister,
    timeout_register,
    timeout_modify,
    timeout_deregister,
};

/* ---- Callbacks ------------------------------------------------------------------------------------------ */

static void event_occurs(void *user, libxl_event *event)
{
    struct loop *loop = user;

    say(loop, "event %s", libxl_event_type_to_string(event->type));
    loop->seen[event->type] = true;
    libxl_event_free(loop->ctx, event);
}

static void disaster(void *user, libxl_event_type type, const char *message, int error)
{
    (void)user;
    fprintf(stderr, "probe: disaster: type %d, %s: %s\n", (int)type, message, strerror(error));
    abort();
}

static void ao_done(libxl_ctx *ctx, int rc, void *user)
{
    struct loop *loop = user;

    (void)ctx;
    say(loop, "ao_callback rc=%d", rc);
    loop->ao_rc = rc;
    loop->ao_done = true;
}

static const libxl_event_hooks event_hooks = {
    .event_occurs_mask = LIBXL_EVENTMASK_ALL,
    .event_occurs = event_occurs,
    .disaster = disaster,
};

static const libxl_childproc_hooks childproc_hooks = {
    .chldowner = libxl_sigchld_owner_libxl_always_selective_reap,
};

/* ---- The loop ------------------------------------------------------------------------------------------- */

/* Tells of each fd that poll() found ready, unless a call-in for another one has taken it away by then. */
static int dispatch_fds(struct loop *loop, int timeout_ms)
{
    struct pollfd polled[LOOP_SLOTS];
    struct loop_fd snapshot[LOOP_SLOTS];
    int index[LOOP_SLOTS], count = 0, called = 0;

    for (int i = 0; i < LOOP_SLOTS; i++) {
        if (loop->fds[i].live && loop->fds[i].events) {
            polled[count] = (struct pollfd){ .fd = loop->fds[i].fd, .events = loop->fds[i].events };
            snapshot[count] = loop->fds[i];
            index[count++] = i;
        }
    }
    if (poll(polled, (nfds_t)count, timeout_ms) < 0 && errno != EINTR) {
        perror("probe: poll");
        exit(1);
    }
    for (int i = 0; i < count; i++) {
        struct loop_fd *slot = &loop->fds[index[i]];

        if (!polled[i].revents || !slot->live || slot->for_libxl != snapshot[i].for_libxl)
            continue;
        if (loop->verbose)
            say(loop, "occurred_fd %c %s", slot->name, mask(polled[i].revents));
        libxl_osevent_occurred_fd(loop->ctx, slot->for_libxl, slot->fd, slot->events, polled[i].revents);
        called++;
    }
    return called;
}

/* Delivers each timeout that is due, once: it is gone before libxl hears of it. */
static int dispatch_timeouts(struct loop *loop)
{
    struct timeval current = now(loop);
    int called = 0;

    for (int i = 0; i < LOOP_SLOTS; i++) {
        struct loop_timeout *slot = &loop->timeouts[i];

        if (!slot->live || timercmp(&slot->deadline, &current, >))
            continue;
        slot->live = false;
        say(loop, "occurred_timeout t%d", slot->name);
        libxl_osevent_occurred_timeout(loop->ctx, slot->for_libxl);
        called++;
    }
    return called;
}

static void jump_to_next_deadline(struct loop *loop)
{
    struct timeval current = now(loop), *next = NULL, distance;

    for (int i = 0; i < LOOP_SLOTS; i++) {
        if (loop->timeouts[i].live && (!next || timercmp(&loop->timeouts[i].deadline, next, <)))
            next = &loop->timeouts[i].deadline;
    }
    if (next && timercmp(next, &current, >)) {
        timersub(next, &current, &distance);
        timeradd(&loop->skipped, &distance, &loop->skipped);
    }
}

static int turn(struct loop *loop, int timeout_ms)
{
    int called = dispatch_timeouts(loop);

    return called + dispatch_fds(loop, called ? 0 : timeout_ms);
}

void loop_drain(struct loop *loop)
{
    while (turn(loop, QUIET_MS) > 0)
        ;
}

void loop_turns(struct loop *loop, int turns)
{
    while (turns-- > 0)
        turn(loop, QUIET_MS);
}

static void until(struct loop *loop, const bool *flag, const char *what)
{
    for (int waited = 0; !*flag; waited += QUIET_MS) {
        if (waited >= WAIT_MS) {
            fflush(stdout);
            fprintf(stderr, "probe: no %s within %d ms\n", what, WAIT_MS);
            exit(1);
        }
        if (turn(loop, QUIET_MS) == 0 && loop->jump)
            jump_to_next_deadline(loop);
    }
}

int loop_until_ao(struct loop *loop)
{
    until(loop, &loop->ao_done, "completion");
    return loop->ao_rc;
}

void loop_until_event(struct loop *loop, libxl_event_type type)
{
    until(loop, &loop->seen[type], libxl_event_type_to_string(type));
}

const libxl_asyncop_how *loop_ao(struct loop *loop)
{
    loop->ao_done = false;
    loop->how = (libxl_asyncop_how){ .callback = ao_done, .u.for_callback = loop };
    return &loop->how;
}

const libxl_asyncop_how *loop_ao_again(struct loop *loop)
{
    return &loop->how;
}

void loop_mute(struct loop *loop, bool muted)
{
    loop->muted = muted;
    for (int i = 0; !muted && i < LOOP_SLOTS; i++) {
        if (loop->fds[i].live && loop->fds[i].name == '?') {
            loop->fds[i].name = loop->next_fd_name++;
            say(loop, "(live: %c %s %s)", loop->fds[i].name, kind(loop->fds[i].fd), mask(loop->fds[i].events));
        }
    }
}

void loop_open(struct loop *loop, bool verbose, bool default_mode)
{
    xentoollog_level level = verbose ? XTL_DEBUG : XTL_CRITICAL;
    static xentoollog_logger *logger;

    *loop = (struct loop){ .verbose = verbose, .next_fd_name = 'a', .next_timeout_name = 1 };
    if (!logger)
        logger = (xentoollog_logger *)xtl_createlogger_stdiostream(stderr, level, 0);
    if (libxl_ctx_alloc(&loop->ctx, LIBXL_VERSION, 0, logger)) {
        fprintf(stderr, "probe: libxl_ctx_alloc failed\n");
        exit(1);
    }
    libxl_osevent_register_hooks(loop->ctx, &hooks, loop);
    libxl_event_register_callbacks(loop->ctx, &event_hooks, loop);
    if (!default_mode)
        libxl_childproc_setmode(loop->ctx, &childproc_hooks, loop);
}

/* Timeouts that were modified to now are delivered first, none early: libxl still lists them otherwise. */
void loop_close(struct loop *loop)
{
    bool left = false;

    while (dispatch_timeouts(loop) > 0)
        ;
    libxl_ctx_free(loop->ctx);
    for (int i = 0; i < LOOP_SLOTS; i++)
        left |= loop->fds[i].live || loop->timeouts[i].live;
    if (left) {
        fprintf(stderr, "probe: registrations are left after libxl_ctx_free\n");
        exit(1);
    }
}
