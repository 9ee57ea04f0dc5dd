/*
 * What Xen would know about domains: a table of flags in a file that all processes of the rig map.
 */
#define _GNU_SOURCE
#define __XEN_TOOLS__ 1

#include "xenstub_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xen/xen.h>

#include <xen/domctl.h>

struct table *xenstub_table;
char xenstub_dir[PATH_MAX - 64];

/* A constructor, not a lazy call: the table must be there before a forked child needs it. */
__attribute__((constructor)) static void map_table(void)
{
    const char *dir = getenv("XENSTUB_DIR");
    char path[PATH_MAX];
    int fd;

    snprintf(xenstub_dir, sizeof xenstub_dir, "%s", dir ? dir : XENSTUB_DEFAULT_DIR);
    snprintf(path, sizeof path, "%s/domains", xenstub_dir);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof *xenstub_table) < 0) {
        fprintf(stderr, "xenstub: %s: %s (not started inside rig A?)\n", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return;
    }
    xenstub_table = mmap(NULL, sizeof *xenstub_table, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (xenstub_table == MAP_FAILED) {
        fprintf(stderr, "xenstub: mmap %s: %s\n", path, strerror(errno));
        xenstub_table = NULL;
        return;
    }
    /* Domain 0 is there from the start; every process writes the same values. */
    atomic_store(&xenstub_table->domains[0].flags, XEN_DOMINF_running);
    atomic_store(&xenstub_table->domains[0].max_pages, DOMAIN_PAGES);
    atomic_store(&xenstub_table->domains[0].present, 1);
}

struct domain *xenstub_find(unsigned domid)
{
    if (!xenstub_table || domid >= XENSTUB_MAX_DOMAINS || !atomic_load(&xenstub_table->domains[domid].present))
        return NULL;
    return &xenstub_table->domains[domid];
}

EXPORT int xenstub_domain_create(unsigned domid, const uint8_t uuid[16], enum xenstub_type type)
{
    struct domain *dom;

    if (!xenstub_table)
        return fail(ENXIO);
    if (domid == 0 || domid >= XENSTUB_MAX_DOMAINS)
        return fail(ENOSPC);
    dom = &xenstub_table->domains[domid];
    if (atomic_load(&dom->present))
        return fail(EEXIST);
    memcpy(dom->handle, uuid, sizeof dom->handle);
    atomic_store(&dom->max_pages, DOMAIN_PAGES);
    atomic_store(&dom->flags, XEN_DOMINF_running | (type == XENSTUB_HVM ? XEN_DOMINF_hvm_guest : 0));
    atomic_store(&dom->present, 1);
    return 0;
}

EXPORT int xenstub_domain_shutdown(unsigned domid, unsigned reason)
{
    struct domain *dom = xenstub_find(domid);
    unsigned old;

    if (!dom)
        return fail(ESRCH);
    old = atomic_load(&dom->flags);
    /* As in Xen, the first reason stands. */
    do {
        if (old & XEN_DOMINF_shutdown)
            break;
    } while (!atomic_compare_exchange_weak(&dom->flags, &old,
        (old & ~XEN_DOMINF_running) | XEN_DOMINF_shutdown
            | (reason & XEN_DOMINF_shutdownmask) << XEN_DOMINF_shutdownshift));
    return xenstub_raise_dom_exc();
}

EXPORT int xenstub_domain_dying(unsigned domid)
{
    struct domain *dom = xenstub_find(domid);

    if (!dom)
        return fail(ESRCH);
    atomic_fetch_or(&dom->flags, XEN_DOMINF_dying);
    atomic_fetch_and(&dom->flags, ~XEN_DOMINF_running);
    return xenstub_raise_dom_exc();
}

EXPORT int xenstub_domain_remove(unsigned domid)
{
    struct domain *dom = xenstub_find(domid);

    if (!dom || domid == 0)
        return fail(ESRCH);
    atomic_store(&dom->present, 0);
    return xenstub_raise_dom_exc();
}
