/*
 * rigrun ROOT BIN COMMAND...: becomes COMMAND inside a rig of its own.
 *
 * In a private mount namespace, /run/xen and /var/lib/xen, which libxl hard-codes, are fresh tmpfs, so that
 * any number of rigs run beside one another and leave nothing behind. A real xenstored is started there, and
 * then this process turns into COMMAND: its pid, signals and exit status are COMMAND's own. xenstored ends when
 * COMMAND does (PDEATHSIG), and both end after $RIG_A_SECONDS (300) whatever happens: alarms survive exec.
 *
 * ROOT holds the unpacked packages (fetch.sh), BIN what the Makefile built.
 */
#define _GNU_SOURCE

#include "xenstub.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define XENSTORED_DIR "/run/xen/xenstored"
#define XENSTORED_SOCKET XENSTORED_DIR "/socket"
#define XENSTORED_LOG "/run/xen/xenstored.log"
#define XENSTORED_WAIT_MS 10000
#define SCRATCH "/tmp"

static char path_buffer[PATH_MAX];

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
    va_list args;

    fputs("rig-a: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(125);
}

__attribute__((format(printf, 1, 2))) static const char *path_of(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(path_buffer, sizeof path_buffer, format, args);
    va_end(args);
    return path_buffer;
}

static void put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        die("cannot write %s: %s", path, strerror(errno));
    close(fd);
}

/* Root just takes a mount namespace; anybody else becomes root of a user namespace first. */
static void enter_namespace(void)
{
    unsigned uid = geteuid(), gid = getegid();

    if (uid == 0) {
        if (unshare(CLONE_NEWNS) < 0)
            die("cannot make a mount namespace: %s (a container needs CAP_SYS_ADMIN)", strerror(errno));
    } else {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
            die("cannot make a user namespace: %s (run as root, or allow unprivileged user namespaces)",
                strerror(errno));
        put("/proc/self/setgroups", "deny");
        put("/proc/self/uid_map", path_of("0 %u 1", uid));
        put("/proc/self/gid_map", path_of("0 %u 1", gid));
    }
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        die("cannot make the mounts private: %s", strerror(errno));
}

static void mount_tmpfs(const char *dir)
{
    if (mount("rig-a", dir, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=64m") < 0)
        die("cannot mount a tmpfs on %s: %s", dir, strerror(errno));
}

/*
 * A private directory where none is, without creating it on the host: its parent is replaced, in this
 * namespace, by a tmpfs into which all that the parent holds is bound.
 */
static void replace_parent(const char *parent)
{
    DIR *entries = opendir(parent);
    struct dirent *entry;

    if (!entries)
        die("cannot read %s: %s", parent, strerror(errno));
    mount_tmpfs(SCRATCH);
    while ((entry = readdir(entries)) != NULL) {
        char from[PATH_MAX], to[PATH_MAX], target[PATH_MAX];
        struct stat info;
        ssize_t length;
        int made;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(from, sizeof from, "%s/%s", parent, entry->d_name);
        snprintf(to, sizeof to, SCRATCH "/%s", entry->d_name);
        if (lstat(from, &info) < 0)
            continue; /* gone in the meantime */
        if (S_ISLNK(info.st_mode)) {
            length = readlink(from, target, sizeof target - 1);
            if (length < 0)
                continue;
            target[length] = '\0';
            if (symlink(target, to) < 0)
                die("cannot link %s: %s", to, strerror(errno));
            continue;
        }
        made = S_ISDIR(info.st_mode) ? mkdir(to, 0755) : mknod(to, S_IFREG | 0600, 0);
        if (made < 0 || mount(from, to, NULL, MS_BIND | MS_REC, NULL) < 0)
            die("cannot bind %s: %s", from, strerror(errno));
    }
    closedir(entries);
    if (mount(SCRATCH, parent, NULL, MS_MOVE, NULL) < 0)
        die("cannot replace %s: %s", parent, strerror(errno));
}

static void private_dir(const char *parent, const char *name)
{
    char dir[PATH_MAX];
    struct stat info;

    snprintf(dir, sizeof dir, "%s/%s", parent, name);
    if (stat(dir, &info) < 0) {
        replace_parent(parent);
        if (mkdir(dir, 0755) < 0)
            die("cannot make %s: %s", dir, strerror(errno));
    }
    mount_tmpfs(dir);
}

static void make_dir(const char *dir)
{
    if (mkdir(dir, 0755) < 0 && errno != EEXIST)
        die("cannot make %s: %s", dir, strerror(errno));
}

/* What Linux would offer in /proc/xen: domain 0's event channel and its page of shared memory. */
static void make_state(void)
{
    make_dir(XENSTORED_DIR);
    make_dir(XENSTUB_DEFAULT_DIR);
    put(XENSTUB_DEFAULT_DIR "/xsd_port", "1");
    put(XENSTUB_DEFAULT_DIR "/xsd_kva", "");
    if (truncate(XENSTUB_DEFAULT_DIR "/xsd_kva", sysconf(_SC_PAGESIZE)) < 0)
        die("cannot size " XENSTUB_DEFAULT_DIR "/xsd_kva: %s", strerror(errno));
}

static void set_environment(const char *root, const char *bin)
{
    const char *others = getenv("LD_LIBRARY_PATH");

    setenv("LD_LIBRARY_PATH",
        path_of("%s:%s/usr/lib/x86_64-linux-gnu%s%s", bin, root, others ? ":" : "", others ? others : ""), 1);
    setenv("RIG_A_ROOT", root, 1);
    setenv("RIG_A_BIN", bin, 1);
    setenv("XENSTUB_DIR", XENSTUB_DEFAULT_DIR, 1);
    setenv("XENSTORED_RUNDIR", XENSTORED_DIR, 1);
    setenv("XENSTORED_PATH", XENSTORED_SOCKET, 1);
    setenv("LIBXL_SAVE_HELPER", path_of("%s/save-helper", bin), 1);
}

__attribute__((noreturn)) static void become_xenstored(const char *root, const char *bin, pid_t parent, unsigned life)
{
    int log = open(XENSTORED_LOG, O_WRONLY | O_CREAT | O_APPEND, 0600);
    int null = open("/dev/null", O_RDONLY);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    /* A group of its own, so that a ^C at the terminal reaches the command alone. */
    setpgid(0, 0);
    if (log < 0 || null < 0)
        _exit(1);
    dup2(null, 0);
    dup2(log, 1);
    dup2(log, 2);
    alarm(life);
    setenv("LD_PRELOAD", path_of("%s/libxenstub.so %s/xsdopen.so", bin, bin), 1);
    execl(path_of("%s/usr/lib/xen-4.17/bin/xenstored", root), "xenstored", "-N", (char *)NULL);
    fprintf(stderr, "exec %s: %s\n", path_buffer, strerror(errno));
    _exit(1);
}

static void show_xenstored_log(void)
{
    char text[2048];
    int fd = open(XENSTORED_LOG, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text);

    if (length > 0)
        fprintf(stderr, "%.*s", (int)length, text);
}

/* xenstored serves as soon as it accepts a connection. */
static void await_xenstored(pid_t pid)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = XENSTORED_SOCKET };
    const struct timespec pause = { .tv_nsec = 2 * 1000 * 1000 };

    for (int waited = 0; waited < XENSTORED_WAIT_MS; waited += 2) {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int connected = fd < 0 ? -1 : connect(fd, (struct sockaddr *)&address, sizeof address);

        if (fd >= 0)
            close(fd);
        if (connected == 0)
            return;
        if (waitpid(pid, NULL, WNOHANG) == pid) {
            show_xenstored_log();
            die("xenstored did not start");
        }
        nanosleep(&pause, NULL);
    }
    kill(pid, SIGKILL);
    show_xenstored_log();
    die("xenstored did not answer within %d ms", XENSTORED_WAIT_MS);
}

/* The nodes by which libxl knows that it runs in domain 0; xen-init-dom0 writes them on a real host. */
static void write_domid(const char *root)
{
    pid_t pid = fork();
    int status = -1;

    if (pid == 0) {
        execl(path_of("%s/usr/bin/xenstore-write", root), "xenstore-write", "/local/domain/0/domid", "0",
            "/local/domain/0/name", "Domain-0", (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        die("cannot write /local/domain/0/domid (status %d)", status);
}

int main(int argc, char **argv)
{
    const char *seconds = getenv("RIG_A_SECONDS");
    unsigned life = seconds ? (unsigned)atoi(seconds) : 300;
    pid_t parent = getpid(), xenstored;

    if (argc < 4)
        die("usage: rigrun ROOT BIN COMMAND [ARGUMENT...]");
    if (life == 0)
        die("RIG_A_SECONDS must be a positive number, not '%s'", seconds);
    enter_namespace();
    private_dir("/run", "xen");
    private_dir("/var/lib", "xen");
    make_state();
    set_environment(argv[1], argv[2]);

    xenstored = fork();
    if (xenstored < 0)
        die("fork: %s", strerror(errno));
    if (xenstored == 0)
        become_xenstored(argv[1], argv[2], parent, life);
    await_xenstored(xenstored);
    setenv("RIG_A_XENSTORED_PID", path_of("%ld", (long)xenstored), 1);
    write_domid(argv[1]);

    alarm(life);
    execvp(argv[3], argv + 3);
    die("cannot run %s: %s", argv[3], strerror(errno));
}
