/*
 * What the files of the simulated hypervisor edge share: the table of domains, mapped by every process.
 */
#ifndef OSEVENT_XENSTUB_INTERNAL_H
#define OSEVENT_XENSTUB_INTERNAL_H

#include "xenstub.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stddef.h>

#define EXPORT __attribute__((visibility("default")))

#define XENSTUB_PAGE 4096u
#define DOMAIN_PAGES 4096u /* 16 MiB */

struct domain {
    atomic_uint present; /* set last, so that a reader sees a whole entry */
    atomic_uint flags;   /* XEN_DOMINF_*, shutdown reason included */
    atomic_ullong max_pages;
    uint8_t handle[16];
};

struct table {
    struct domain domains[XENSTUB_MAX_DOMAINS];
    atomic_uint dom_exc_port; /* 0 while unbound */
};

/* NULL if it could not be mapped: then nothing opens. */
extern struct table *xenstub_table;

/* Directory of the state, a few characters short of PATH_MAX, so that a file name fits behind it. */
extern char xenstub_dir[PATH_MAX - 64];

struct domain *xenstub_find(unsigned domid);

static inline int fail(int error)
{
    errno = error;
    return -1;
}

#endif
