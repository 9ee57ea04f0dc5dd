/*
 * Event channels: each handle is a FIFO, open at both ends. Ports are numbers that only their binder gives a
 * meaning. Of all of them only VIRQ_DOM_EXC is ever raised, the interrupt that tells xenstored to look at its
 * domains: by whoever opens the FIFO under its well-known name and writes the port, 4 bytes.
 */
#define _GNU_SOURCE

#include "xenstub_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xen/xen.h>

#include <xenevtchn.h>

struct xenevtchn_handle {
    int fd;
    char path[PATH_MAX];
};

static atomic_int next_port = 1;

EXPORT int xenstub_raise_dom_exc(void)
{
    char path[PATH_MAX];
    uint32_t port = xenstub_table ? atomic_load(&xenstub_table->dom_exc_port) : 0;
    int fd, error = 0;

    if (port == 0)
        return fail(ENXIO);
    snprintf(path, sizeof path, "%s/virq-dom-exc", xenstub_dir);
    fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (write(fd, &port, sizeof port) != (ssize_t)sizeof port)
        error = errno;
    close(fd);
    return error ? fail(error) : 0;
}

EXPORT xenevtchn_handle *xenevtchn_open(struct xentoollog_logger *logger, unsigned int flags)
{
    static atomic_uint serial;
    struct xenevtchn_handle *xce = calloc(1, sizeof *xce);

    (void)logger;
    if (!xce)
        return NULL;
    snprintf(xce->path, sizeof xce->path, "%s/evtchn.%ld.%u", xenstub_dir, (long)getpid(),
        atomic_fetch_add(&serial, 1));
    if (mkfifo(xce->path, 0600) < 0)
        goto failed;
    xce->fd = open(xce->path, O_RDWR | O_NONBLOCK | (flags & XENEVTCHN_NO_CLOEXEC ? 0 : O_CLOEXEC));
    if (xce->fd < 0)
        goto failed;
    return xce;

failed:
    free(xce);
    return NULL;
}

EXPORT xenevtchn_handle *xenevtchn_fdopen(struct xentoollog_logger *logger, int fd, unsigned flags)
{
    (void)logger, (void)fd, (void)flags;
    errno = ENOSYS;
    return NULL;
}

EXPORT int xenevtchn_close(xenevtchn_handle *xce)
{
    if (xce) {
        unlink(xce->path);
        close(xce->fd);
        free(xce);
    }
    return 0;
}

EXPORT int xenevtchn_fd(xenevtchn_handle *xce)
{
    return xce->fd;
}

EXPORT xenevtchn_port_or_error_t xenevtchn_bind_virq(xenevtchn_handle *xce, unsigned int virq)
{
    int port = atomic_fetch_add(&next_port, 1);
    char path[PATH_MAX];

    if (virq != VIRQ_DOM_EXC || !xenstub_table)
        return fail(ENOSYS);
    snprintf(path, sizeof path, "%s/virq-dom-exc", xenstub_dir);
    if (rename(xce->path, path) < 0)
        return -1;
    memcpy(xce->path, path, sizeof path);
    atomic_store(&xenstub_table->dom_exc_port, (unsigned)port);
    return port;
}

EXPORT xenevtchn_port_or_error_t xenevtchn_bind_interdomain(xenevtchn_handle *xce, uint32_t domid, evtchn_port_t port)
{
    (void)xce, (void)domid, (void)port;
    return atomic_fetch_add(&next_port, 1);
}

EXPORT xenevtchn_port_or_error_t xenevtchn_bind_unbound_port(xenevtchn_handle *xce, uint32_t domid)
{
    (void)xce, (void)domid;
    return atomic_fetch_add(&next_port, 1);
}

EXPORT xenevtchn_port_or_error_t xenevtchn_pending(xenevtchn_handle *xce)
{
    uint32_t port;
    ssize_t got = read(xce->fd, &port, sizeof port);

    if (got == (ssize_t)sizeof port)
        return (int)port;
    return got < 0 ? -1 : fail(EIO);
}

EXPORT int xenevtchn_notify(xenevtchn_handle *xce, evtchn_port_t port)
{
    (void)xce, (void)port; /* no guest listens */
    return 0;
}

EXPORT int xenevtchn_unbind(xenevtchn_handle *xce, evtchn_port_t port)
{
    (void)xce, (void)port;
    return 0;
}

EXPORT int xenevtchn_unmask(xenevtchn_handle *xce, evtchn_port_t port)
{
    (void)xce, (void)port;
    return 0;
}
