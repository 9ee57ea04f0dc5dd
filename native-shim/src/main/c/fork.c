/*
 * Fds that end with the process that made them. CLOEXEC covers a child that executes another program; libxl also forks
 * children that go on running its own code, and an epoll set is shared with its parent until the fd is closed.
 *
 * The lock is held from before an fd exists until it is in the table, and across the fork itself, so that a child
 * closes every fd it has inherited and no other.
 */
#define _GNU_SOURCE
#include "osevent.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int *owned;
static size_t count, room;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int handlers_error;

static void before_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void in_parent(void)
{
    pthread_mutex_unlock(&lock);
}

static void in_child(void)
{
    for (size_t i = 0; i < count; i++)
        close(owned[i]);
    count = 0;
    pthread_mutex_unlock(&lock);
}

static void install_handlers(void)
{
    handlers_error = pthread_atfork(before_fork, in_parent, in_child);
}

/* The table grows before an fd is made, so that an fd is never made in vain. */
static int reserve(void)
{
    if (count < room)
        return 0;

    size_t larger = room == 0 ? 16 : room * 2;
    int *grown = realloc(owned, larger * sizeof *grown);

    if (grown == NULL)
        return -ENOMEM;
    owned = grown;
    room = larger;
    return 0;
}

static int epoll_set(void)
{
    return epoll_create1(EPOLL_CLOEXEC);
}

static int timer(void)
{
    return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
}

static int create_owned(int (*make)(void))
{
    pthread_once(&once, install_handlers);
    if (handlers_error != 0)
        return -handlers_error;

    pthread_mutex_lock(&lock);
    int result = reserve();
    if (result == 0) {
        result = make();
        if (result >= 0)
            owned[count++] = result;
        else
            result = -errno;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int osevent_create_set(void)
{
    return create_owned(epoll_set);
}

int osevent_create_timer(void)
{
    return create_owned(timer);
}

int osevent_close(int fd)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < count; i++) {
        if (owned[i] == fd) {
            owned[i] = owned[--count];
            break;
        }
    }
    int result = close(fd) == 0 || errno == EINTR ? 0 : -errno;
    pthread_mutex_unlock(&lock);
    return result;
}
