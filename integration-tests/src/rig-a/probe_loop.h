/*
 * A plain poll() loop behind libxl's osevent hooks that writes down what it is asked: the reference host.
 */
#ifndef OSEVENT_PROBE_LOOP_H
#define OSEVENT_PROBE_LOOP_H

#include <stdbool.h>

#include <libxl.h>
#include <libxl_event.h>

#define LOOP_SLOTS 32

struct loop_fd {
    bool live;
    int fd;
    short events;
    void *for_libxl;
    char name; /* 'a', 'b', ... */
};

struct loop_timeout {
    bool live;
    struct timeval deadline;
    void *for_libxl;
    int name; /* 1, 2, ... */
};

struct loop {
    libxl_ctx *ctx;
    bool verbose;
    bool muted;
    bool jump; /* virtual time: with nothing ready, the clock jumps to the next deadline */
    struct timeval skipped;
    struct loop_fd fds[LOOP_SLOTS];
    struct loop_timeout timeouts[LOOP_SLOTS];
    char next_fd_name;
    int next_timeout_name;
    libxl_asyncop_how how;
    bool ao_done;
    int ao_rc;
    bool seen[LIBXL_EVENT_TYPE_OPERATION_COMPLETE + 1]; /* by libxl_event_type */
};

/* In libxl's default mode it owns SIGCHLD and all children; else only its own. */
void loop_open(struct loop *loop, bool verbose, bool default_mode);

/* Frees the context and checks that nothing of it is left. */
void loop_close(struct loop *loop);

void loop_say(struct loop *loop, const char *line);

/* While muted nothing is written down; what is live when it ends is named afresh. */
void loop_mute(struct loop *loop, bool muted);

/* What to pass as ao_how; one operation at a time. */
const libxl_asyncop_how *loop_ao(struct loop *loop);

/* The same again, to name the operation in progress. */
const libxl_asyncop_how *loop_ao_again(struct loop *loop);

/* Runs until the operation has completed and returns its rc. */
int loop_until_ao(struct loop *loop);

void loop_until_event(struct loop *loop, libxl_event_type type);

/* A fixed number of turns: where a drain would never end. */
void loop_turns(struct loop *loop, int turns);

/* Runs until nothing is ready or due any more. */
void loop_drain(struct loop *loop);

#endif
