/*
 * Plays the hypervisor and the guest for a test: domains come to be, stop and go. Run inside the rig.
 *
 * "create" also does what a toolstack does on creating a domain, with the genuine libxenstore and libxl: the
 * nodes in xenstore, the introduction to xenstored, and libxl's own record of the configuration, without which
 * libxl refuses device calls. Building a domain's memory is beyond this rig.
 */
#include "xenstub.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxl.h>
#include <xenstore.h>
#include <xentoollog.h>

#define GUEST_XENSTORE_PORT 1 /* xenstored wants a port greater than 0 */

static const char *program;

static int fail(const char *what)
{
    fprintf(stderr, "%s: %s: %s\n", program, what, strerror(errno));
    return 1;
}

static bool put(struct xs_handle *xs, const char *dir, const char *node, const char *value)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", dir, node);
    return xs_write(xs, XBT_NULL, path, value, (unsigned)strlen(value));
}

/* Readable and writable for the guest, which owns it. */
static bool give(struct xs_handle *xs, const char *dir, const char *node, unsigned domid)
{
    struct xs_permissions owner = { .id = domid, .perms = XS_PERM_NONE };
    char path[256];

    snprintf(path, sizeof path, "%s/%s", dir, node);
    return xs_mkdir(xs, XBT_NULL, path) && xs_set_permissions(xs, XBT_NULL, path, &owner, 1);
}

static bool write_nodes(struct xs_handle *xs, unsigned domid, const char *uuid, const char *name, const char *type)
{
    char dom[64], vm[64], libxl[64], number[16];

    snprintf(dom, sizeof dom, "/local/domain/%u", domid);
    snprintf(vm, sizeof vm, "/vm/%s", uuid);
    snprintf(libxl, sizeof libxl, "/libxl/%u", domid);
    snprintf(number, sizeof number, "%u", domid);
    return put(xs, vm, "uuid", uuid) && put(xs, vm, "name", name) && put(xs, dom, "vm", vm)
        && put(xs, dom, "name", name) && put(xs, dom, "domid", number)
        && put(xs, dom, "control/platform-feature-xs_reset_watches", "1") && give(xs, dom, "device", domid)
        && give(xs, dom, "control/shutdown", domid) && put(xs, libxl, "type", type) && put(xs, libxl, "device", "");
}

static int store_configuration(unsigned domid, const libxl_uuid *uuid, const char *name, libxl_domain_type type)
{
    xentoollog_logger *logger = (xentoollog_logger *)xtl_createlogger_stdiostream(stderr, XTL_ERROR, 0);
    libxl_domain_config config;
    libxl_ctx *ctx = NULL;
    char *json = NULL;
    int rc;

    /* libxl takes no logger for an answer, until it has something to log: then it is a segmentation fault. */
    rc = logger ? libxl_ctx_alloc(&ctx, LIBXL_VERSION, 0, logger) : ERROR_NOMEM;
    if (rc)
        return rc;
    libxl_domain_config_init(&config);
    config.c_info.type = type;
    config.c_info.name = strdup(name);
    libxl_uuid_copy(ctx, &config.c_info.uuid, uuid);
    libxl_domain_build_info_init_type(&config.b_info, type);
    config.b_info.max_vcpus = 1;
    config.b_info.max_memkb = config.b_info.target_memkb = 16 * 1024;
    json = libxl_domain_config_to_json(ctx, &config);
    /* libxl reads it back as a string: the NUL belongs to it. */
    rc = ERROR_NOMEM;
    if (json)
        rc = libxl_userdata_store(ctx, domid, "libxl-json", (const uint8_t *)json, (int)strlen(json) + 1);
    free(json);
    libxl_domain_config_dispose(&config);
    libxl_ctx_free(ctx);
    xtl_logger_destroy(logger);
    return rc;
}

static int create(unsigned domid, const char *name, const char *type)
{
    bool pvh = strcmp(type, "pvh") == 0;
    char uuid_text[40];
    struct xs_handle *xs;
    libxl_uuid uuid;
    int rc;

    if (!pvh && strcmp(type, "pv") != 0) {
        fprintf(stderr, "%s: type must be pv or pvh, not '%s'\n", program, type);
        return 2;
    }
    snprintf(uuid_text, sizeof uuid_text, "05e00000-0000-4000-8000-%012x", domid);
    if (libxl_uuid_from_string(&uuid, uuid_text) != 0)
        return fail("uuid");
    if (xenstub_domain_create(domid, libxl_uuid_bytearray(&uuid), pvh ? XENSTUB_HVM : XENSTUB_PV) < 0)
        return fail("create");
    xs = xs_open(0);
    if (!xs)
        return fail("cannot connect to xenstored");
    if (!write_nodes(xs, domid, uuid_text, name, type))
        return fail("cannot write to xenstored");
    if (!xs_introduce_domain(xs, domid, 0, GUEST_XENSTORE_PORT))
        return fail("cannot introduce the domain to xenstored");
    xs_close(xs);
    rc = store_configuration(domid, &uuid, name, pvh ? LIBXL_DOMAIN_TYPE_PVH : LIBXL_DOMAIN_TYPE_PV);
    if (rc) {
        fprintf(stderr, "%s: libxl error %d storing the configuration\n", program, rc);
        return 1;
    }
    return 0;
}

static int usage(void)
{
    fprintf(stderr,
        "usage: %s create DOMID NAME [pv|pvh]\n"
        "       %s shutdown DOMID REASON   0 poweroff, 1 reboot, 2 suspend, 3 crash\n"
        "       %s dying DOMID             dead, but still listed\n"
        "       %s remove DOMID            gone\n"
        "       %s raise                   VIRQ_DOM_EXC by itself\n",
        program, program, program, program, program);
    return 2;
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    unsigned domid = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    int result;

    program = argv[0];
    if (strcmp(command, "create") == 0 && (argc == 4 || argc == 5))
        return create(domid, argv[3], argc == 5 ? argv[4] : "pv");
    if (strcmp(command, "shutdown") == 0 && argc == 4)
        result = xenstub_domain_shutdown(domid, (unsigned)strtoul(argv[3], NULL, 10));
    else if (strcmp(command, "dying") == 0 && argc == 3)
        result = xenstub_domain_dying(domid);
    else if (strcmp(command, "remove") == 0 && argc == 3)
        result = xenstub_domain_remove(domid);
    else if (strcmp(command, "raise") == 0 && argc == 2)
        result = xenstub_raise_dom_exc();
    else
        return usage();
    return result < 0 ? fail(command) : 0;
}
