/*
 * probe [-v] [-d] [SCENARIO...]: drives the real libxl through its own osevent hooks with a plain poll() loop and
 * prints what libxl asked for, one scenario after the other. Run inside the rig.
 *
 * It shows that the rig is right before any Java runs in it, and it is where sequences.txt comes from. Each
 * scenario has a context of its own. fds are named a, b, c and timeouts t1, t2 in the order in which they are
 * first seen. -v adds the call-ins (occurred_fd), whose number depends on the machine's mood, and libxl's log.
 * SIGCHLD is libxl's in the selective mode that suits a JVM; -d leaves it in libxl's default mode.
 *
 * Time is virtual where a scenario says so: when nothing is ready, the clock jumps to the next deadline. libxl
 * does not look at the clock itself.
 */
#define _GNU_SOURCE
#include "probe_loop.h"
#include "xenstub.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libxl.h>
#include <libxl_utils.h>
#include <xenstore.h>

static unsigned domid; /* of the running scenario, never used twice */
static struct xs_handle *xs;
static pid_t backend_pid, qmp_pid;

/* ---- Helpers that scenarios use ------------------------------------------------------------------------ */

static void require(bool held, const char *what)
{
    if (!held) {
        fflush(stdout);
        fprintf(stderr, "probe: not so: %s\n", what);
        exit(1);
    }
}

static const char *bin(const char *name)
{
    static char path[512];
    const char *dir = getenv("RIG_A_BIN");

    require(dir != NULL, "RIG_A_BIN is set (start this with run.sh)");
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void create_domain(void)
{
    char number[16], name[32];
    int status;
    pid_t pid;

    snprintf(number, sizeof number, "%u", ++domid);
    snprintf(name, sizeof name, "guest%u", domid);
    pid = fork();
    if (pid == 0) {
        execl(bin("xenstubctl"), "xenstubctl", "create", number, name, (char *)NULL);
        _exit(127);
    }
    require(waitpid(pid, &status, 0) == pid && status == 0, "xenstubctl create succeeds");
}

/* Starts a server and returns when it says that it is ready. */
static pid_t start_server(const char *name, const char *argument)
{
    char line[16] = "";
    int fds[2];
    pid_t pid;

    require(pipe2(fds, O_CLOEXEC) == 0, "pipe");
    pid = fork();
    if (pid == 0) {
        dup2(fds[1], 1);
        execl(bin(name), name, argument, (char *)NULL);
        _exit(127);
    }
    close(fds[1]);
    require(read(fds[0], line, sizeof line) > 0, "the server started");
    close(fds[0]);
    return pid;
}

static void stop_server(pid_t *pid)
{
    if (*pid > 0) {
        kill(*pid, SIGKILL);
        waitpid(*pid, NULL, 0);
        *pid = 0;
    }
}

static void put(const char *path, const char *value)
{
    require(xs_write(xs, XBT_NULL, path, value, (unsigned)strlen(value)), path);
}

static void init_nic(libxl_device_nic *nic)
{
    libxl_device_nic_init(nic);
    nic->devid = 0;
    nic->mtu = 1500;
    nic->nictype = LIBXL_NIC_TYPE_VIF;
    nic->script = strdup(bin("hotplug"));
    nic->bridge = strdup("xenbr0");
    memcpy(nic->mac, (uint8_t[]){ 0x00, 0x16, 0x3e, 0x00, 0x00, 0x01 }, sizeof nic->mac);
}

static void init_disk(libxl_device_disk *disk)
{
    libxl_device_disk_init(disk);
    disk->vdev = strdup("hdc");
    disk->pdev_path = strdup("/dev/null");
    disk->script = strdup(bin("hotplug"));
    disk->backend = LIBXL_DISK_BACKEND_PHY;
    disk->format = LIBXL_DISK_FORMAT_RAW;
    disk->removable = 1;
    disk->is_cdrom = 0;
    disk->readwrite = 1;
}

/* Adds a device with the trace off, as a scenario's setting. */
static void add_nic_quietly(struct loop *loop)
{
    libxl_device_nic nic;

    init_nic(&nic);
    backend_pid = start_server("backend", NULL);
    loop_mute(loop, true);
    require(libxl_device_nic_add(loop->ctx, domid, &nic, loop_ao(loop)) == 0, "nic_add begins");
    require(loop_until_ao(loop) == 0, "nic_add succeeds");
    loop_drain(loop);
    loop_mute(loop, false);
    libxl_device_nic_dispose(&nic);
}

static int hypercalls;
static unsigned paused_domain;

static void count_hypercall(unsigned op, unsigned command, unsigned subject)
{
    (void)op, (void)command;
    hypercalls++;
    paused_domain = subject;
}

/* ---- Scenarios ----------------------------------------------------------------------------------------- */

static void domain_death(struct loop *loop)
{
    libxl_evgen_domain_death *death;

    require(libxl_evenable_domain_death(loop->ctx, domid, 7, &death) == 0, "evenable_domain_death");
    loop_drain(loop);
    loop_say(loop, "-- the guest powers off");
    require(xenstub_domain_shutdown(domid, 0) == 0, "shutdown");
    loop_until_event(loop, LIBXL_EVENT_TYPE_DOMAIN_SHUTDOWN);
    loop_say(loop, "-- the domain vanishes");
    require(xenstub_domain_remove(domid) == 0, "remove");
    loop_until_event(loop, LIBXL_EVENT_TYPE_DOMAIN_DEATH);
    loop_say(loop, "-- evdisable");
    libxl_evdisable_domain_death(loop->ctx, death);
}

static void disk_eject(struct loop *loop)
{
    libxl_evgen_disk_eject *eject;
    libxl_device_disk disk;
    char path[128];

    init_disk(&disk);
    backend_pid = start_server("backend", NULL);
    loop_mute(loop, true);
    require(libxl_device_disk_add(loop->ctx, domid, &disk, loop_ao(loop)) == 0, "disk_add begins");
    require(loop_until_ao(loop) == 0, "disk_add succeeds");
    loop_drain(loop);
    loop_mute(loop, false);
    libxl_device_disk_dispose(&disk);

    require(libxl_evenable_disk_eject(loop->ctx, domid, "hdc", 8, &eject) == 0, "evenable_disk_eject");
    loop_drain(loop);
    loop_say(loop, "-- the guest ejects");
    snprintf(path, sizeof path, "/local/domain/%u/device/vbd/5632/eject", domid);
    put(path, "eject");
    loop_until_event(loop, LIBXL_EVENT_TYPE_DISK_EJECT);
    loop_say(loop, "-- evdisable");
    libxl_evdisable_disk_eject(loop->ctx, eject);
}

static void nic_add(struct loop *loop)
{
    libxl_device_nic nic;

    init_nic(&nic);
    backend_pid = start_server("backend", NULL);
    require(libxl_device_nic_add(loop->ctx, domid, &nic, loop_ao(loop)) == 0, "nic_add begins");
    require(loop_until_ao(loop) == 0, "nic_add succeeds");
    libxl_device_nic_dispose(&nic);
}

static void nic_remove(struct loop *loop)
{
    libxl_device_nic nic;

    add_nic_quietly(loop);
    init_nic(&nic);
    require(libxl_device_nic_remove(loop->ctx, domid, &nic, loop_ao(loop)) == 0, "nic_remove begins");
    require(loop_until_ao(loop) == 0, "nic_remove succeeds");
    libxl_device_nic_dispose(&nic);
}

static void nic_remove_silent(struct loop *loop)
{
    libxl_device_nic nic;

    add_nic_quietly(loop);
    stop_server(&backend_pid);
    init_nic(&nic);
    loop->jump = true;
    require(libxl_device_nic_remove(loop->ctx, domid, &nic, loop_ao(loop)) == 0, "nic_remove begins");
    require(loop_until_ao(loop) == ERROR_TIMEDOUT, "nic_remove times out");
    libxl_device_nic_dispose(&nic);
}

static void disk_add(struct loop *loop)
{
    libxl_device_disk disk;

    init_disk(&disk);
    backend_pid = start_server("backend", NULL);
    require(libxl_device_disk_add(loop->ctx, domid, &disk, loop_ao(loop)) == 0, "disk_add begins");
    require(loop_until_ao(loop) == 0, "disk_add succeeds");
    libxl_device_disk_dispose(&disk);
}

static void ao_abort(struct loop *loop)
{
    libxl_device_nic nic;

    add_nic_quietly(loop);
    stop_server(&backend_pid);
    init_nic(&nic);
    require(libxl_device_nic_remove(loop->ctx, domid, &nic, loop_ao(loop)) == 0, "nic_remove begins");
    loop_say(loop, "-- ao_abort");
    require(libxl_ao_abort(loop->ctx, loop_ao_again(loop)) == 0, "ao_abort");
    require(loop_until_ao(loop) == ERROR_ABORTED, "the removal was aborted");
    libxl_device_nic_dispose(&nic);
}

static void domain_destroy(struct loop *loop)
{
    libxl_evgen_domain_death *death;

    add_nic_quietly(loop);
    loop_mute(loop, true);
    require(libxl_evenable_domain_death(loop->ctx, domid, 7, &death) == 0, "evenable_domain_death");
    loop_drain(loop);
    loop_mute(loop, false);
    require(libxl_domain_destroy(loop->ctx, domid, loop_ao(loop)) == 0, "domain_destroy begins");
    require(loop_until_ao(loop) == 0, "domain_destroy succeeds");
    loop_until_event(loop, LIBXL_EVENT_TYPE_DOMAIN_DEATH);
    libxl_evdisable_domain_death(loop->ctx, death);
}

/* No hook at all; and the test sees each hypercall pass, where it could hold it. */
static void domain_pause(struct loop *loop)
{
    libxl_dominfo info;

    hypercalls = 0;
    xenstub_set_hook(count_hypercall);
    require(libxl_domain_pause(loop->ctx, domid, loop_ao(loop)) == 0, "domain_pause begins");
    xenstub_set_hook(NULL);
    require(loop_until_ao(loop) == 0, "domain_pause succeeds");
    require(hypercalls > 0 && paused_domain == domid, "the hook saw the hypercall");
    libxl_dominfo_init(&info);
    require(libxl_domain_info(loop->ctx, &info, domid) == 0 && info.paused, "the domain is paused");
    libxl_dominfo_dispose(&info);
}

static void domain_shutdown(struct loop *loop)
{
    char path[128];

    require(libxl_domain_shutdown(loop->ctx, domid, loop_ao(loop)) == 0, "domain_shutdown begins");
    loop_drain(loop);
    loop_say(loop, "-- the guest acknowledges");
    snprintf(path, sizeof path, "/local/domain/%u/control/shutdown", domid);
    put(path, "");
    require(loop_until_ao(loop) == 0, "domain_shutdown succeeds");
}

static void qmp_command(struct loop *loop)
{
    char number[16], *output = NULL;

    snprintf(number, sizeof number, "%u", domid);
    qmp_pid = start_server("qmp-server", number);
    require(libxl_qemu_monitor_command(loop->ctx, domid, "info status", &output, loop_ao(loop)) == 0,
        "qemu_monitor_command begins");
    require(loop_until_ao(loop) == 0, "qemu_monitor_command succeeds");
    require(output && strstr(output, "running"), "the monitor's answer arrived");
    free(output);
}

static void domain_suspend(struct loop *loop)
{
    char path[] = "/run/xen/saved-XXXXXX";
    int fd = mkstemp(path);

    require(fd >= 0, "a file for the saved domain");
    require(libxl_domain_suspend(loop->ctx, domid, fd, 0, loop_ao(loop)) == 0, "domain_suspend begins");
    require(loop_until_ao(loop) == ERROR_FAIL, "domain_suspend fails, as its helper says nothing");
    close(fd);
    unlink(path);
}

/* The last one: there is no xenstored after it. */
static void xenstored_killed(struct loop *loop)
{
    libxl_evgen_domain_death *death;
    const char *pid = getenv("RIG_A_XENSTORED_PID");

    require(pid != NULL, "RIG_A_XENSTORED_PID is set");
    require(libxl_evenable_domain_death(loop->ctx, domid, 7, &death) == 0, "evenable_domain_death");
    loop_drain(loop);
    loop_say(loop, "-- xenstored is killed");
    require(kill((pid_t)strtol(pid, NULL, 10), SIGKILL) == 0, "kill xenstored");
    loop_turns(loop, 20);
    loop_say(loop, "-- evdisable");
    libxl_evdisable_domain_death(loop->ctx, death);
}

static const struct scenario {
    const char *name;
    void (*run)(struct loop *loop);
} scenarios[] = {
    { "domain_death", domain_death },
    { "disk_eject", disk_eject },
    { "nic_add", nic_add },
    { "nic_remove", nic_remove },
    { "nic_remove_silent", nic_remove_silent },
    { "disk_add", disk_add },
    { "ao_abort", ao_abort },
    { "domain_destroy", domain_destroy },
    { "domain_pause", domain_pause },
    { "domain_shutdown", domain_shutdown },
    { "qmp_command", qmp_command },
    { "domain_suspend", domain_suspend },
    { "xenstored_killed", xenstored_killed },
};

static void run(const struct scenario *scenario, bool verbose, bool default_mode)
{
    struct loop loop;

    printf("%s\n", scenario->name);
    create_domain();
    loop_open(&loop, verbose, default_mode);
    scenario->run(&loop);
    stop_server(&backend_pid);
    stop_server(&qmp_pid);
    loop_say(&loop, "-- ctx_free");
    loop_close(&loop);
    printf("\n");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    bool verbose = false, default_mode = false;
    int option, ran = 0;

    while ((option = getopt(argc, argv, "vd")) != -1) {
        if (option == '?')
            return 2;
        verbose |= option == 'v';
        default_mode |= option == 'd';
    }
    xs = xs_open(0);
    require(xs != NULL, "xenstored answers (start this with run.sh)");
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        bool wanted = optind >= argc;

        for (int arg = optind; arg < argc; arg++)
            wanted |= strcmp(argv[arg], scenarios[i].name) == 0;
        if (wanted) {
            run(&scenarios[i], verbose, default_mode);
            ran++;
        }
    }
    require(ran > 0, "a scenario of that name exists");
    return 0;
}
