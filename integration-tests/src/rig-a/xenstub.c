/*
 * The hypervisor edge below libxenctrl, simulated: enough of Xen 4.17 for the real libxenlight and the real
 * xenstored to run on a machine without a hypervisor.
 *
 * libxenstub.so defines the functions of libxencall, libxenevtchn, libxengnttab, libxenforeignmemory and
 * libxendevicemodel that open device nodes or make hypercalls. It has to be in the global scope before
 * libxenlight is loaded: by LD_PRELOAD, by being linked first, or by dlopen with RTLD_GLOBAL. Everything above,
 * libxenctrl and libxenstore included, is the distribution's own binary.
 *
 * Set XENSTUB_TRACE=1 to see each hypercall on stderr; those not known here are always reported.
 */
#define _GNU_SOURCE
#define __XEN_TOOLS__ 1

#include "xenstub_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xen/xen.h>

#include <xen/domctl.h>
#include <xen/sched.h>
#include <xen/sysctl.h>
#include <xen/version.h>

#include <xencall.h>
#include <xendevicemodel.h>
#include <xenforeignmemory.h>
#include <xengnttab.h>

static int tracing;
static pid_t loader_pid;
static _Atomic(xenstub_hook *) hook;
static char token[4]; /* addresses for handles that have nothing to hold */

__attribute__((constructor)) static void remember_process(void)
{
    tracing = getenv("XENSTUB_TRACE") != NULL;
    loader_pid = getpid();
}

EXPORT void xenstub_set_hook(xenstub_hook *new_hook)
{
    atomic_store(&hook, new_hook);
}

static void fill_info(unsigned domid, struct domain *dom, struct xen_domctl_getdomaininfo *info)
{
    memset(info, 0, sizeof *info);
    info->domain = (domid_t)domid;
    info->flags = atomic_load(&dom->flags);
    info->tot_pages = DOMAIN_PAGES;
    info->max_pages = atomic_load(&dom->max_pages);
    info->cpu_time = 1000000;
    info->nr_online_vcpus = 1;
    memcpy(info->handle, dom->handle, sizeof info->handle);
}

/* Xen answers with the first domain at or above the one asked for. */
static int domctl_getdomaininfo(struct xen_domctl *ctl)
{
    for (unsigned domid = ctl->domain; domid < XENSTUB_MAX_DOMAINS; domid++) {
        struct domain *dom = xenstub_find(domid);

        if (dom) {
            fill_info(domid, dom, &ctl->u.getdomaininfo);
            ctl->domain = (domid_t)domid;
            return 0;
        }
    }
    return fail(ESRCH);
}

static int domctl(struct xen_domctl *ctl)
{
    struct domain *dom;

    if (ctl->interface_version != XEN_DOMCTL_INTERFACE_VERSION)
        return fail(EACCES);
    if (ctl->cmd == XEN_DOMCTL_getdomaininfo)
        return domctl_getdomaininfo(ctl);
    dom = xenstub_find(ctl->domain);
    if (!dom)
        return fail(ESRCH);

    switch (ctl->cmd) {
    case XEN_DOMCTL_pausedomain:
        atomic_fetch_or(&dom->flags, XEN_DOMINF_paused);
        return 0;
    case XEN_DOMCTL_unpausedomain:
        atomic_fetch_and(&dom->flags, ~XEN_DOMINF_paused);
        return 0;
    case XEN_DOMCTL_max_mem:
        atomic_store(&dom->max_pages, ctl->u.max_mem.max_memkb / (XENSTUB_PAGE / 1024));
        return 0;
    case XEN_DOMCTL_get_address_size:
        ctl->u.address_size.size = 64;
        return 0;
    case XEN_DOMCTL_sendtrigger:
        return 0;
    case XEN_DOMCTL_destroydomain:
        /* Gone at once: Xen takes its time and asks to be called again. No test may rely on it. */
        return xenstub_domain_remove(ctl->domain);
    default:
        fprintf(stderr, "xenstub: domctl %u for domain %u is not simulated\n", ctl->cmd, ctl->domain);
        return fail(ENOSYS);
    }
}

static int sysctl_getdomaininfolist(struct xen_sysctl_getdomaininfolist *list)
{
    struct xen_domctl_getdomaininfo *infos = list->buffer.p;

    list->num_domains = 0;
    for (unsigned domid = list->first_domain; domid < XENSTUB_MAX_DOMAINS; domid++) {
        struct domain *dom = xenstub_find(domid);

        if (list->num_domains == list->max_domains)
            break;
        if (dom)
            fill_info(domid, dom, &infos[list->num_domains++]);
    }
    return 0;
}

static int sysctl(struct xen_sysctl *ctl)
{
    if (ctl->interface_version != XEN_SYSCTL_INTERFACE_VERSION)
        return fail(EACCES);
    switch (ctl->cmd) {
    case XEN_SYSCTL_getdomaininfolist:
        return sysctl_getdomaininfolist(&ctl->u.getdomaininfolist);
    case XEN_SYSCTL_physinfo: {
        struct xen_sysctl_physinfo *info = &ctl->u.physinfo;

        memset(info, 0, sizeof *info);
        info->threads_per_core = info->cores_per_socket = 1;
        info->nr_cpus = info->nr_nodes = 1;
        info->cpu_khz = 1000000;
        info->capabilities = XEN_SYSCTL_PHYSCAP_pv;
        info->total_pages = info->max_mfn = 1u << 20;
        info->free_pages = 1u << 19;
        return 0;
    }
    default:
        fprintf(stderr, "xenstub: sysctl %u is not simulated\n", ctl->cmd);
        return fail(ENOSYS);
    }
}

static int xen_version(unsigned command, void *buffer)
{
    switch (command) {
    case XENVER_version:
        return 4 << 16 | 17;
    case XENVER_extraversion:
        snprintf(buffer, sizeof(xen_extraversion_t), ".simulated");
        return 0;
    case XENVER_compile_info:
        memset(buffer, 0, sizeof(struct xen_compile_info));
        return 0;
    case XENVER_capabilities:
        snprintf(buffer, sizeof(xen_capabilities_info_t), "xen-3.0-x86_64 ");
        return 0;
    case XENVER_changeset:
        memset(buffer, 0, sizeof(xen_changeset_info_t));
        return 0;
    case XENVER_platform_parameters:
        ((struct xen_platform_parameters *)buffer)->virt_start = 0xffff800000000000ul;
        return 0;
    case XENVER_get_features:
        ((struct xen_feature_info *)buffer)->submap = 0;
        return 0;
    case XENVER_pagesize:
        return (int)XENSTUB_PAGE;
    case XENVER_commandline:
        memset(buffer, 0, sizeof(xen_commandline_t));
        return 0;
    default:
        return fail(ENOSYS);
    }
}

static int sched_op(unsigned command, void *argument)
{
    if (command == SCHEDOP_remote_shutdown) {
        struct sched_remote_shutdown *shutdown = argument;

        return xenstub_domain_shutdown(shutdown->domain_id, shutdown->reason);
    }
    return fail(ENOSYS);
}

/* The domain that a hypercall is about, for the hook and the trace. */
static unsigned subject(unsigned op, uint64_t first, uint64_t second)
{
    if (op == __HYPERVISOR_domctl)
        return ((struct xen_domctl *)first)->domain;
    if (op == __HYPERVISOR_sched_op && first == SCHEDOP_remote_shutdown)
        return ((struct sched_remote_shutdown *)second)->domain_id;
    return DOMID_INVALID;
}

static int hypercall(unsigned op, uint64_t first, uint64_t second)
{
    xenstub_hook *before = atomic_load(&hook);
    unsigned command = op == __HYPERVISOR_domctl || op == __HYPERVISOR_sysctl ? *(uint32_t *)first : (unsigned)first;

    if (tracing)
        fprintf(stderr, "xenstub: hypercall %u command %u domain %u\n", op, command, subject(op, first, second));
    if (before && getpid() == loader_pid)
        before(op, command, subject(op, first, second));

    switch (op) {
    case __HYPERVISOR_domctl:
        return domctl((struct xen_domctl *)first);
    case __HYPERVISOR_sysctl:
        return sysctl((struct xen_sysctl *)first);
    case __HYPERVISOR_xen_version:
        return xen_version((unsigned)first, (void *)second);
    case __HYPERVISOR_sched_op:
        return sched_op((unsigned)first, (void *)second);
    case __HYPERVISOR_hvm_op:
        return 0;
    case __HYPERVISOR_xsm_op: /* no security module, as on most hosts */
        return fail(ENOSYS);
    case __HYPERVISOR_multicall:
    case __HYPERVISOR_memory_op:
        return fail(EOPNOTSUPP);
    default:
        fprintf(stderr, "xenstub: hypercall %u (%llu) is not simulated\n", op, (unsigned long long)first);
        return fail(ENOSYS);
    }
}

EXPORT xencall_handle *xencall_open(struct xentoollog_logger *logger, unsigned flags)
{
    (void)logger, (void)flags;
    if (!xenstub_table) {
        errno = ENXIO;
        return NULL;
    }
    return (xencall_handle *)&token[3];
}

EXPORT int xencall_close(xencall_handle *xcall)
{
    (void)xcall;
    return 0;
}

EXPORT int xencall_fd(xencall_handle *xcall)
{
    (void)xcall;
    return -1;
}

EXPORT int xencall0(xencall_handle *xcall, unsigned int op)
{
    (void)xcall;
    return hypercall(op, 0, 0);
}

EXPORT int xencall1(xencall_handle *xcall, unsigned int op, uint64_t first)
{
    (void)xcall;
    return hypercall(op, first, 0);
}

EXPORT int xencall2(xencall_handle *xcall, unsigned int op, uint64_t first, uint64_t second)
{
    (void)xcall;
    return hypercall(op, first, second);
}

EXPORT long xencall2L(xencall_handle *xcall, unsigned int op, uint64_t first, uint64_t second)
{
    (void)xcall;
    return hypercall(op, first, second);
}

EXPORT int xencall3(xencall_handle *xcall, unsigned int op, uint64_t first, uint64_t second, uint64_t third)
{
    (void)xcall, (void)third;
    return hypercall(op, first, second);
}

EXPORT int xencall4(
    xencall_handle *xcall, unsigned int op, uint64_t first, uint64_t second, uint64_t third, uint64_t fourth)
{
    (void)xcall, (void)third, (void)fourth;
    return hypercall(op, first, second);
}

EXPORT int xencall5(xencall_handle *xcall, unsigned int op, uint64_t first, uint64_t second, uint64_t third,
    uint64_t fourth, uint64_t fifth)
{
    (void)xcall, (void)third, (void)fourth, (void)fifth;
    return hypercall(op, first, second);
}

/* Hypercall buffers are ordinary memory: the "hypervisor" is in the same address space. */

EXPORT void *xencall_alloc_buffer_pages(xencall_handle *xcall, size_t pages)
{
    void *buffer = NULL;

    (void)xcall;
    errno = posix_memalign(&buffer, XENSTUB_PAGE, pages * XENSTUB_PAGE);
    return errno ? NULL : memset(buffer, 0, pages * XENSTUB_PAGE);
}

EXPORT void xencall_free_buffer_pages(xencall_handle *xcall, void *buffer, size_t pages)
{
    (void)xcall, (void)pages;
    free(buffer);
}

EXPORT void *xencall_alloc_buffer(xencall_handle *xcall, size_t size)
{
    return xencall_alloc_buffer_pages(xcall, (size + XENSTUB_PAGE - 1) / XENSTUB_PAGE);
}

EXPORT void xencall_free_buffer(xencall_handle *xcall, void *buffer)
{
    (void)xcall;
    free(buffer);
}

EXPORT int xencall_buffers_never_fault(xencall_handle *xcall)
{
    (void)xcall;
    return 1;
}

/* ---- Grants: xenstored maps one page of each guest, and finds an empty ring in it ---------------------- */

EXPORT xengnttab_handle *xengnttab_open(struct xentoollog_logger *logger, unsigned flags)
{
    (void)logger, (void)flags;
    return (xengnttab_handle *)&token[0];
}

EXPORT int xengnttab_close(xengnttab_handle *xgt)
{
    (void)xgt;
    return 0;
}

EXPORT int xengnttab_set_max_grants(xengnttab_handle *xgt, uint32_t grants)
{
    (void)xgt, (void)grants;
    return 0;
}

EXPORT void *xengnttab_map_grant_ref(xengnttab_handle *xgt, uint32_t domid, uint32_t ref, int prot)
{
    void *page;

    (void)xgt, (void)ref;
    if (!xenstub_find(domid)) {
        errno = EINVAL;
        return NULL;
    }
    page = mmap(NULL, XENSTUB_PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? NULL : page;
}

EXPORT int xengnttab_unmap(xengnttab_handle *xgt, void *address, uint32_t count)
{
    (void)xgt;
    return munmap(address, (size_t)count * XENSTUB_PAGE);
}

/* ---- Handles that libxenctrl opens beside the hypercalls ----------------------------------------------- */

EXPORT xenforeignmemory_handle *xenforeignmemory_open(struct xentoollog_logger *logger, unsigned flags)
{
    (void)logger, (void)flags;
    return (xenforeignmemory_handle *)&token[1];
}

EXPORT int xenforeignmemory_close(xenforeignmemory_handle *fmem)
{
    (void)fmem;
    return 0;
}

EXPORT xendevicemodel_handle *xendevicemodel_open(struct xentoollog_logger *logger, unsigned int flags)
{
    (void)logger, (void)flags;
    return (xendevicemodel_handle *)&token[2];
}

EXPORT int xendevicemodel_close(xendevicemodel_handle *dmod)
{
    (void)dmod;
    return 0;
}
