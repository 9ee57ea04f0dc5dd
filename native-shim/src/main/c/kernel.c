#define _GNU_SOURCE
#include "osevent.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>

#define NANOS_PER_SECOND 1000000000

int osevent_control(int set, int operation, int fd, uint32_t events, uint64_t tag)
{
    struct epoll_event event = {.events = events, .data.u64 = tag};

    return epoll_ctl(set, operation, fd, &event) == 0 ? 0 : -errno;
}

int osevent_await(int set, struct epoll_event *events, int max, int timeout_ms)
{
    int found = epoll_wait(set, events, max, timeout_ms);

    if (found >= 0)
        return found;
    return errno == EINTR ? 0 : -errno;
}

int osevent_arm_timer(int timer, int64_t delay_ns)
{
    struct itimerspec spec = {
        .it_value = {.tv_sec = delay_ns / NANOS_PER_SECOND, .tv_nsec = delay_ns % NANOS_PER_SECOND},
    };

    return timerfd_settime(timer, 0, &spec, NULL) == 0 ? 0 : -errno;
}
