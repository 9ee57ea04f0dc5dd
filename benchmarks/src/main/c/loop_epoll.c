/*
 * The limit that every other row is compared with: a plain C epoll loop. epoll_wait for up to 256 events, then one
 * indirect call for each, straight from the event's own pointer. It has no life cycle: a removed handle may still be
 * called by the batch at hand, an ff is called by remove itself, and handles may be added from one foreign thread
 * only. add, update and remove of a handle are one raw epoll_ctl each. Timeouts are a binary heap under a mutex with
 * one timerfd, set when the earliest deadline changes.
 *
 * With a budget (the fairness rows) the loop is built like an event loop with a guest: its own sockets stand in an
 * outer epoll set beside the inner set of foreign fds, and one turn serves the sockets and then at most `count`
 * foreign callbacks or `ns` nanoseconds, eight events at a time.
 */
#define _GNU_SOURCE
#include "loop_epoll.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, BUDGET_EVENTS = 8, CHUNK = 256, MAX_CHUNKS = 1024 };

/*
 * One handle or timeout. Memory of slots is never given back and their function outlives their removal, so that a late
 * event of the batch at hand still has something to call.
 */
struct slot {
    union {
        bench_handle_cb handle;
        bench_timeout_cb timeout;
    } cb;
    struct slot *next_free;
    void *opaque;
    bench_free_cb ff;
    int64_t deadline;
    int id;
    int fd;
    int heap_index; /* -1: not armed */
    int period_ms;  /* -1: off, or armed once in nanoseconds */
    int own_socket;
};

static struct slot *chunks[MAX_CHUNKS];
static int slot_count;
static struct slot *free_list;

static int inner, outer, timer_fd, wake_fd;
static struct slot timer_slot, wake_slot, inner_slot;
static volatile int budget_count;
static volatile long long budget_ns;

static pthread_mutex_t timers = PTHREAD_MUTEX_INITIALIZER;
static struct slot **heap;
static int heap_size, heap_capacity;
static int64_t timer_set;

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static struct slot *slot_of(int id)
{
    return &chunks[id / CHUNK][id % CHUNK];
}

static struct slot *take_slot(void)
{
    if (free_list != NULL) {
        struct slot *slot = free_list;
        free_list = slot->next_free;
        return slot;
    }
    if (slot_count % CHUNK == 0) {
        if (slot_count / CHUNK == MAX_CHUNKS)
            return NULL;
        chunks[slot_count / CHUNK] = malloc(CHUNK * sizeof(struct slot));
        if (chunks[slot_count / CHUNK] == NULL)
            return NULL;
    }
    struct slot *slot = slot_of(slot_count);
    slot->id = slot_count++;
    return slot;
}

static void give_slot(struct slot *slot)
{
    if (slot->ff != NULL)
        slot->ff(slot->opaque);
    slot->next_free = free_list;
    free_list = slot;
}

/* libvirt's READABLE, WRITABLE, ERROR and HANGUP are 1, 2, 4, 8; epoll's are 1, 4, 8, 16. */
static uint32_t to_epoll(int events)
{
    return (events & BENCH_READABLE ? EPOLLIN : 0) | (events & BENCH_WRITABLE ? EPOLLOUT : 0);
}

static int from_epoll(uint32_t events)
{
    return (events & EPOLLIN ? BENCH_READABLE : 0) | (events & EPOLLOUT ? BENCH_WRITABLE : 0)
        | (events & EPOLLERR ? BENCH_ERROR : 0) | (events & EPOLLHUP ? BENCH_HANGUP : 0);
}

static int add_to(int set, int fd, int events, bench_handle_cb cb, void *opaque, bench_free_cb ff)
{
    struct slot *slot = take_slot();
    if (slot == NULL)
        return -1;
    slot->cb.handle = cb, slot->opaque = opaque, slot->ff = ff, slot->fd = fd;
    slot->own_socket = set == outer;
    struct epoll_event event = {.events = to_epoll(events), .data.ptr = slot};
    return epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == 0 ? slot->id : -1;
}

static int add_handle(int fd, int events, bench_handle_cb cb, void *opaque, bench_free_cb ff)
{
    return add_to(inner, fd, events, cb, opaque, ff);
}

static int add_io(int fd, int events, bench_handle_cb cb, void *opaque, bench_free_cb ff)
{
    return add_to(outer, fd, events, cb, opaque, ff);
}

static void update_handle(int watch, int events)
{
    struct slot *slot = slot_of(watch);
    struct epoll_event event = {.events = to_epoll(events), .data.ptr = slot};
    epoll_ctl(inner, EPOLL_CTL_MOD, slot->fd, &event);
}

static int remove_handle(int watch)
{
    struct slot *slot = slot_of(watch);
    if (epoll_ctl(slot->own_socket ? outer : inner, EPOLL_CTL_DEL, slot->fd, NULL) != 0)
        return -1;
    give_slot(slot);
    return 0;
}

static void place(struct slot *slot, int index)
{
    heap[index] = slot;
    slot->heap_index = index;
}

static void sift(struct slot *slot, int index)
{
    for (; index > 0 && heap[(index - 1) / 2]->deadline > slot->deadline; index = (index - 1) / 2)
        place(heap[(index - 1) / 2], index);
    for (int child; (child = 2 * index + 1) < heap_size; index = child) {
        if (child + 1 < heap_size && heap[child + 1]->deadline < heap[child]->deadline)
            child++;
        if (heap[child]->deadline >= slot->deadline)
            break;
        place(heap[child], index);
    }
    place(slot, index);
}

static void set_timer(void)
{
    int64_t earliest = heap_size == 0 ? 0 : heap[0]->deadline;
    if (earliest == timer_set)
        return;
    timer_set = earliest;
    struct itimerspec spec = {.it_value = {.tv_sec = earliest / 1000000000LL, .tv_nsec = earliest % 1000000000LL}};
    timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &spec, NULL);
}

static void disarm(struct slot *slot)
{
    int index = slot->heap_index;
    if (index < 0)
        return;
    slot->heap_index = -1;
    struct slot *last = heap[--heap_size];
    if (last != slot)
        sift(last, index);
}

static void arm(struct slot *slot, int64_t deadline)
{
    slot->deadline = deadline;
    if (slot->heap_index < 0) {
        if (heap_size == heap_capacity) {
            int capacity = heap_capacity == 0 ? 64 : 2 * heap_capacity;
            struct slot **grown = realloc(heap, (size_t)capacity * sizeof *heap);
            if (grown == NULL)
                abort();
            heap = grown, heap_capacity = capacity;
        }
        slot->heap_index = heap_size++;
    }
    sift(slot, slot->heap_index);
}

static void arm_period(struct slot *slot, int ms, int64_t now)
{
    slot->period_ms = ms;
    if (ms < 0)
        disarm(slot);
    else
        arm(slot, now + ms * 1000000LL);
}

static int add_timeout(int ms, bench_timeout_cb cb, void *opaque, bench_free_cb ff)
{
    pthread_mutex_lock(&timers);
    struct slot *slot = take_slot();
    if (slot != NULL) {
        slot->cb.timeout = cb, slot->opaque = opaque, slot->ff = ff, slot->heap_index = -1;
        arm_period(slot, ms, now_ns());
        set_timer();
    }
    pthread_mutex_unlock(&timers);
    return slot == NULL ? -1 : slot->id;
}

static void update_timeout(int timer, int ms)
{
    pthread_mutex_lock(&timers);
    arm_period(slot_of(timer), ms, now_ns());
    set_timer();
    pthread_mutex_unlock(&timers);
}

static void arm_timeout_ns(int timer, long long ns)
{
    pthread_mutex_lock(&timers);
    struct slot *slot = slot_of(timer);
    slot->period_ms = -1;
    arm(slot, now_ns() + ns);
    set_timer();
    pthread_mutex_unlock(&timers);
}

static int remove_timeout(int timer)
{
    pthread_mutex_lock(&timers);
    struct slot *slot = slot_of(timer);
    disarm(slot);
    set_timer();
    give_slot(slot);
    pthread_mutex_unlock(&timers);
    return 0;
}

/* Periodic timeouts are armed again, from now, before the callback, so that an update made by it wins. */
static void run_timeouts(void)
{
    pthread_mutex_lock(&timers);
    int64_t now = now_ns();
    while (heap_size > 0 && heap[0]->deadline <= now) {
        struct slot *slot = heap[0];
        arm_period(slot, slot->period_ms, now);
        bench_timeout_cb cb = slot->cb.timeout;
        void *opaque = slot->opaque;
        pthread_mutex_unlock(&timers);
        cb(slot->id, opaque);
        pthread_mutex_lock(&timers);
    }
    timer_set = -1; /* it has expired, so even an unchanged deadline must be set again */
    set_timer();
    pthread_mutex_unlock(&timers);
}

static void serve(const struct epoll_event *events, int count)
{
    for (int i = 0; i < count; i++) {
        struct slot *slot = events[i].data.ptr;
        if (slot == &timer_slot)
            run_timeouts();
        else if (slot == &wake_slot)
            (void)!read(wake_fd, &(uint64_t){0}, sizeof(uint64_t));
        else
            slot->cb.handle(slot->id, slot->fd, from_epoll(events[i].events), slot->opaque);
    }
}

static void serve_inner_with_budget(void)
{
    struct epoll_event events[BUDGET_EVENTS];
    int64_t end = now_ns() + budget_ns;
    for (int done = 0; done < budget_count;) {
        int ready = epoll_wait(inner, events, BUDGET_EVENTS, 0);
        if (ready <= 0)
            return;
        serve(events, ready);
        done += ready;
        if (now_ns() >= end)
            return;
    }
}

static void *run(void *unused)
{
    struct epoll_event events[EVENTS];
    (void)unused;
    for (;;) {
        if (budget_count == 0) {
            serve(events, epoll_wait(inner, events, EVENTS, -1));
            continue;
        }
        int ready = epoll_wait(outer, events, EVENTS, -1);
        int inner_ready = 0;
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr == &inner_slot)
                inner_ready = 1;
            else
                serve(&events[i], 1);
        }
        if (inner_ready)
            serve_inner_with_budget();
    }
    return NULL;
}

static void set_budget(int count, long long ns)
{
    budget_ns = ns;
    budget_count = count;
    uint64_t one = 1;
    (void)!write(wake_fd, &one, sizeof one);
}

static int watch(int set, int fd, struct slot *slot)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = slot};
    return epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}

static const struct bench_loop loop = {add_handle, update_handle, remove_handle, add_timeout, update_timeout,
    remove_timeout, arm_timeout_ns, add_io, set_budget};

const struct bench_loop *loop_epoll_start(void)
{
    pthread_t thread;
    inner = epoll_create1(EPOLL_CLOEXEC);
    outer = epoll_create1(EPOLL_CLOEXEC);
    timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (watch(inner, timer_fd, &timer_slot) != 0 || watch(inner, wake_fd, &wake_slot) != 0
        || watch(outer, inner, &inner_slot) != 0 || pthread_create(&thread, NULL, run, NULL) != 0) {
        perror("bench: the epoll loop");
        return NULL;
    }
    return &loop;
}
