/*
 * The plain C half of the shim without a JVM, so that sanitizers and valgrind see it alone. Exits with 0, or says what
 * does not hold and exits with 1.
 */
#define _GNU_SOURCE
#include "osevent.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                             \
            _exit(1);                                                                                                  \
        }                                                                                                              \
    } while (0)

#ifdef __SANITIZE_THREAD__
/* In a forked child every other thread of the parent counts as leaked. */
__attribute__((visibility("default"))) const char *__tsan_default_options(void);

const char *__tsan_default_options(void)
{
    return "report_thread_leaks=0";
}
#endif

enum { THREADS = 4, ROUNDS = 2000, FORKS = 20, WAIT_MS = 5000 };

static int is_open(int fd)
{
    return fcntl(fd, F_GETFD) != -1;
}

static void errors_are_negative_errnos(void)
{
    int set = osevent_create_set();
    int fd = eventfd(0, EFD_CLOEXEC);
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    struct epoll_event none;

    CHECK(set >= 0 && fd >= 0 && file >= 0);
    CHECK(fcntl(set, F_GETFD) == FD_CLOEXEC);
    CHECK(osevent_control(set, EPOLL_CTL_MOD, fd, EPOLLIN, 1) == -ENOENT);
    CHECK(osevent_control(set, EPOLL_CTL_ADD, fd, EPOLLIN, 1) == 0);
    CHECK(osevent_control(set, EPOLL_CTL_ADD, fd, EPOLLIN, 1) == -EEXIST);
    CHECK(osevent_control(set, EPOLL_CTL_ADD, file, EPOLLIN, 1) == -EPERM);
    CHECK(osevent_close(fd) == 0);
    CHECK(osevent_control(set, EPOLL_CTL_DEL, fd, 0, 0) == -EBADF);
    CHECK(osevent_close(fd) == -EBADF);
    CHECK(osevent_close(file) == 0);
    CHECK(osevent_close(set) == 0);
    CHECK(osevent_await(set, &none, 1, 0) == -EBADF);
    CHECK(osevent_arm_timer(set, 1) == -EBADF);
}

static void events_and_timers_are_reported(void)
{
    struct epoll_event found[4];
    int set = osevent_create_set();
    int timer = osevent_create_timer();
    int fd = eventfd(1, EFD_CLOEXEC);

    CHECK(osevent_control(set, EPOLL_CTL_ADD, fd, EPOLLIN, UINT64_C(0xfedcba9876543210)) == 0);
    CHECK(osevent_await(set, found, 4, 0) == 1);
    CHECK(found[0].events == EPOLLIN && found[0].data.u64 == UINT64_C(0xfedcba9876543210));
    CHECK(osevent_control(set, EPOLL_CTL_MOD, fd, EPOLLONESHOT, 2) == 0);
    CHECK(osevent_await(set, found, 4, 0) == 0);

    CHECK(osevent_control(set, EPOLL_CTL_ADD, timer, EPOLLIN, 3) == 0);
    CHECK(osevent_arm_timer(timer, INT64_MAX) == 0);
    CHECK(osevent_await(set, found, 4, 0) == 0);
    CHECK(osevent_arm_timer(timer, 1) == 0);
    CHECK(osevent_await(set, found, 4, WAIT_MS) == 1 && found[0].data.u64 == 3);
    CHECK(osevent_arm_timer(timer, 0) == 0);
    CHECK(osevent_await(set, found, 4, 0) == 0);
    CHECK(osevent_arm_timer(timer, -1) == -EINVAL);

    CHECK(osevent_close(fd) == 0 && osevent_close(timer) == 0 && osevent_close(set) == 0);
}

/* A child that goes on running this code has the set and the timer no more, and every other fd still. */
static void a_child_has_no_set(void)
{
    int set = osevent_create_set();
    int timer = osevent_create_timer();
    int closed = osevent_create_set();
    int other = eventfd(0, EFD_CLOEXEC);
    int status;

    CHECK(set >= 0 && timer >= 0 && closed >= 0 && other >= 0);
    CHECK(osevent_close(closed) == 0);
    int reused = fcntl(other, F_DUPFD_CLOEXEC, closed);
    CHECK(reused == closed);

    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(!is_open(set) && !is_open(timer));
        CHECK(is_open(other) && is_open(reused));
        int fresh = osevent_create_set();
        CHECK(fresh >= 0 && osevent_close(fresh) == 0);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(is_open(set) && is_open(timer));
    CHECK(osevent_control(set, EPOLL_CTL_ADD, other, EPOLLIN, 1) == 0);

    close(reused);
    CHECK(osevent_close(other) == 0 && osevent_close(timer) == 0 && osevent_close(set) == 0);
}

static void *make_and_close(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        int set = osevent_create_set();
        int timer = osevent_create_timer();

        CHECK(set >= 0 && timer >= 0);
        CHECK(osevent_control(set, EPOLL_CTL_ADD, timer, EPOLLIN, (uint64_t)i) == 0);
        CHECK(osevent_arm_timer(timer, 1000000000) == 0);
        CHECK(osevent_close(timer) == 0 && osevent_close(set) == 0);
    }
    return unused;
}

/* Whatever the other threads are about to make or close, a child inherits no set. */
static void forks_while_others_make_sets(void)
{
    pthread_t threads[THREADS];
    int status;

    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, make_and_close, NULL) == 0);
    for (int i = 0; i < FORKS; i++) {
        pid_t child = fork();

        CHECK(child >= 0);
        if (child == 0) {
            struct epoll_event none;

            for (int fd = 3; fd < 64; fd++)
                CHECK(osevent_await(fd, &none, 1, 0) < 0);
            _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child && status == 0);
    }
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

/* The caller's view of a logger: the first three members of xentoollog.h. */
struct foreign_logger {
    void (*vmessage)(void *, int, int, const char *, const char *, va_list);
    void (*progress)(void *, const char *, const char *, int, unsigned long, unsigned long);
    void (*destroy)(void *);
};

static _Thread_local struct {
    void *opaque;
    int level, errnoval, calls;
    char context[16], message[4096];
} last;

static void sink(void *opaque, int level, int errnoval, const char *context, const char *message)
{
    last.opaque = opaque;
    last.level = level;
    last.errnoval = errnoval;
    last.calls++;
    snprintf(last.context, sizeof last.context, "%s", context != NULL ? context : "none");
    snprintf(last.message, sizeof last.message, "%s", message);
}

static void message(void *logger, int level, const char *context, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    ((struct foreign_logger *)logger)->vmessage(logger, level, ENOENT, context, format, arguments);
    va_end(arguments);
}

static void *log_lines(void *logger)
{
    char longer[3001];

    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    last.calls = 0;

    message(logger, 4, "xl", "below the level %d", 1);
    CHECK(last.calls == 0);
    message(logger, 5, "xl", "%s %d %ld %c %.2f", "text", 42, 1L << 40, 'c', 1.5);
    CHECK(last.calls == 1 && last.opaque == &last && last.level == 5 && last.errnoval == ENOENT);
    CHECK(strcmp(last.context, "xl") == 0 && strcmp(last.message, "text 42 1099511627776 c 1.50") == 0);
    message(logger, 8, NULL, "%s|%d", longer, 7);
    CHECK(strlen(last.message) == 3002 && strcmp(last.message + 3000, "|7") == 0);
    CHECK(strcmp(last.context, "none") == 0);
    return NULL;
}

static void lines_are_formatted(void)
{
    struct foreign_logger *quiet = osevent_logger_create(sink, &last, 5);
    struct foreign_logger *chatty = osevent_logger_create(sink, &last, 0);

    CHECK(quiet != NULL && chatty != NULL);
    log_lines(quiet);
    quiet->progress(quiet, "xc", "saving", 30, 3, 10);
    CHECK(last.calls == 2);
    chatty->progress(chatty, "xc", "saving", 30, 3, 10);
    CHECK(last.calls == 3 && last.errnoval == -1 && strcmp(last.message, "saving: 3/10 30%") == 0);
    quiet->destroy(quiet);
    osevent_logger_destroy(chatty);
}

/* The sink is in a language whose other threads are not in the child. */
static void a_child_logs_without_the_sink(void)
{
    void *logger = osevent_logger_create(sink, &last, 5);
    char said[128] = "";
    int out[2], status;
    pid_t child;

    CHECK(logger != NULL && pipe(out) == 0);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        dup2(out[1], STDERR_FILENO);
        last.calls = 0;
        message(logger, 8, "xl", "no %s", "use");
        /* Or valgrind, which looks into children too, calls it lost. */
        osevent_logger_destroy(logger);
        _exit(last.calls);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(read(out[0], said, sizeof said - 1) > 0 && strncmp(said, "xl: no use (child process ", 26) == 0);
    close(out[0]);
    close(out[1]);
    osevent_logger_destroy(logger);
}

int main(void)
{
    errors_are_negative_errnos();
    events_and_timers_are_reported();
    a_child_has_no_set();
    forks_while_others_make_sets();
    lines_are_formatted();
    a_child_logs_without_the_sink();
    puts("shim: all of it holds");
    return 0;
}
