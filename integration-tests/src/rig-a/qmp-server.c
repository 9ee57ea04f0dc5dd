/*
 * qmp-server DOMID: a device model's monitor socket, as far as libxl's monitor commands need one.
 *
 * Greets, and answers each line: the capabilities with nothing, any other command with a text. Serves one
 * client after the other, as QEMU does; prints "ready" once it listens; ends with its parent.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define GREETING                                                                                                   \
    "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 0, \"minor\": 2, \"major\": 7}, \"package\": \"\"}, "              \
    "\"capabilities\": []}}\r\n"

/* The id is a bare number in what libxl sends; the reply must carry it. */
static long id_of(const char *request)
{
    const char *id = strstr(request, "\"id\"");

    id = id ? strchr(id, ':') : NULL;
    return id ? strtol(id + 1, NULL, 10) : 0;
}

static void serve(FILE *client)
{
    char *line = NULL;
    size_t size = 0;

    fputs(GREETING, client);
    fflush(client);
    while (getline(&line, &size, client) > 0) {
        if (strstr(line, "\"execute\"") == NULL)
            continue;
        if (strstr(line, "qmp_capabilities"))
            fprintf(client, "{\"return\": {}, \"id\": %ld}\r\n", id_of(line));
        else
            fprintf(client, "{\"return\": \"VM status: running\\r\\n\", \"id\": %ld}\r\n", id_of(line));
        fflush(client);
    }
    free(line);
}

int main(int argc, char **argv)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (argc != 2) {
        fprintf(stderr, "usage: %s DOMID\n", argv[0]);
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    snprintf(address.sun_path, sizeof address.sun_path, "/run/xen/qmp-libxl-%s", argv[1]);
    unlink(address.sun_path);
    if (server < 0 || bind(server, (struct sockaddr *)&address, sizeof address) < 0 || listen(server, 5) < 0) {
        fprintf(stderr, "qmp-server: %s: %s\n", address.sun_path, strerror(errno));
        return 1;
    }
    puts("ready");
    fflush(stdout);
    for (;;) {
        int fd = accept4(server, NULL, NULL, SOCK_CLOEXEC);
        FILE *client = fd < 0 ? NULL : fdopen(fd, "r+");

        if (!client)
            return 1;
        /* One stream would need a seek between reading and writing. */
        setvbuf(client, NULL, _IONBF, 0);
        serve(client);
        fclose(client);
    }
}
