/*
 * For xenstored alone (LD_PRELOAD): the two files by which Linux tells it of domain 0's own connection do not
 * exist without Xen, and nothing can be created in /proc. Plain files in the rig's directory stand in.
 */
#define _GNU_SOURCE

#include "xenstub.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#define EXPORT __attribute__((visibility("default")))

EXPORT int open(const char *path, int flags, ...)
{
    static const char prefix[] = "/proc/xen/";
    static int (*real_open)(const char *, int, ...);
    char redirected[PATH_MAX];
    mode_t mode = 0;

    if (flags & (O_CREAT | __O_TMPFILE)) {
        va_list args;

        va_start(args, flags);
        mode = va_arg(args, mode_t);
        va_end(args);
    }
    if (!real_open)
        *(void **)&real_open = dlsym(RTLD_NEXT, "open");
    if (strncmp(path, prefix, sizeof prefix - 1) == 0) {
        const char *dir = getenv("XENSTUB_DIR");

        snprintf(redirected, sizeof redirected, "%s/%s", dir ? dir : XENSTUB_DEFAULT_DIR, path + sizeof prefix - 1);
        path = redirected;
    }
    return real_open(path, flags, mode);
}
