/*
 * The plain C half of the shim: system calls with their errno in the result, fds that do not outlive a fork, and a
 * logger for libxl. Nothing here knows of a JVM, so that a C program can test it (see jni.c for the glue).
 *
 * Every function may be called from any thread; results are the kernel's own, or -errno.
 */
#ifndef OSEVENT_H
#define OSEVENT_H

#include <stdint.h>

/* Raised whenever an entry point of jni.c or hooks.c changes; the Java side refuses a shim with another number. */
#define OSEVENT_ABI 2

struct epoll_event;

/* The epoll sets and timers made here are closed in a forked child: it must never touch its parent's set. */
int osevent_create_set(void);
int osevent_create_timer(void);

/* Closes any fd; those made above are forgotten first. EINTR counts as closed: on Linux it is. */
int osevent_close(int fd);

int osevent_control(int set, int operation, int fd, uint32_t events, uint64_t tag);

/* An interrupted wait counts as one that found nothing. */
int osevent_await(int set, struct epoll_event *events, int max, int timeout_ms);

/* One shot, from now; 0 disarms. */
int osevent_arm_timer(int timer, int64_t delay_ns);

/*
 * Receives a formatted line; errnoval is -1 and context is NULL where libxl names none. The strings live until it
 * returns.
 */
typedef void osevent_log_sink(void *opaque, int level, int errnoval, const char *context, const char *message);

/* A struct xentoollog_logger that sends lines of at least min_level to the sink; NULL if there is no memory. */
void *osevent_logger_create(osevent_log_sink *sink, void *opaque, int min_level);
void osevent_logger_destroy(void *logger);

#endif
