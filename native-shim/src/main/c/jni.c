/*
 * Entry points of io.osevent.shim.ShimNatives. Pointers cross as long; nothing here allocates, keeps a reference to a
 * Java object or calls back through JNI, so that a call costs what the transition costs.
 */
#include "osevent.h"

#include <jni.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

#define ENTRY(type, name, ...)                                                                                         \
    JNIEXPORT type JNICALL Java_io_osevent_shim_ShimNatives_##name(JNIEnv *env __attribute__((unused)),                \
                                                                   jclass type_ __attribute__((unused)), ##__VA_ARGS__)

/* What a foreign library calls its callbacks; see io.osevent.shim.Seam. */
typedef void handle_callback(int watch, int fd, int events, void *opaque);
typedef void timeout_callback(int timer, void *opaque);
typedef void free_callback(void *opaque);
typedef void occurred_fd(void *ctx, void *for_libxl, int fd, short events, short revents);
typedef void occurred_timeout(void *ctx, void *for_libxl);

static void *pointer(jlong value)
{
    return (void *)(uintptr_t)value;
}

#define FUNCTION(type, value) ((type *)(uintptr_t)(value))

ENTRY(jint, abi)
{
    return OSEVENT_ABI;
}

ENTRY(jint, eventSize)
{
    return sizeof(struct epoll_event);
}

ENTRY(jint, tagOffset)
{
    return offsetof(struct epoll_event, data);
}

ENTRY(jint, createSet)
{
    return osevent_create_set();
}

ENTRY(jint, createTimer)
{
    return osevent_create_timer();
}

ENTRY(jint, close, jint fd)
{
    return osevent_close(fd);
}

ENTRY(jint, control, jint set, jint operation, jint fd, jint events, jlong tag)
{
    return osevent_control(set, operation, fd, (uint32_t)events, (uint64_t)tag);
}

ENTRY(jint, await, jint set, jlong events, jint max, jint timeoutMillis)
{
    return osevent_await(set, pointer(events), max, timeoutMillis);
}

ENTRY(jint, armTimer, jint timer, jlong delayNanos)
{
    return osevent_arm_timer(timer, delayNanos);
}

ENTRY(void, callHandle, jlong function, jint watch, jint fd, jint events, jlong opaque)
{
    FUNCTION(handle_callback, function)(watch, fd, events, pointer(opaque));
}

ENTRY(void, callTimeout, jlong function, jint timer, jlong opaque)
{
    FUNCTION(timeout_callback, function)(timer, pointer(opaque));
}

ENTRY(void, callFree, jlong function, jlong opaque)
{
    FUNCTION(free_callback, function)(pointer(opaque));
}

ENTRY(void, occurredFd, jlong function, jlong ctx, jlong forLibxl, jint fd, jint events, jint revents)
{
    FUNCTION(occurred_fd, function)(pointer(ctx), pointer(forLibxl), fd, (short)events, (short)revents);
}

ENTRY(void, occurredTimeout, jlong function, jlong ctx, jlong forLibxl)
{
    FUNCTION(occurred_timeout, function)(pointer(ctx), pointer(forLibxl));
}

ENTRY(jlong, createLogger, jlong sink, jlong opaque, jint minLevel)
{
    return (jlong)(uintptr_t)osevent_logger_create(FUNCTION(osevent_log_sink, sink), pointer(opaque), minLevel);
}

ENTRY(void, destroyLogger, jlong logger)
{
    osevent_logger_destroy(pointer(logger));
}
