/*
 * remote-driver URI: connects and says "ready". Then, for each number K on stdin, suspends and resumes the domain
 * "test" by turns, K calls in all, each of which makes one lifecycle event, and says "done" and the seconds it took.
 */
#include <libvirt/libvirt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    char line[64];
    virConnectPtr connection = argc == 2 ? virConnectOpen(argv[1]) : NULL;
    virDomainPtr domain = connection == NULL ? NULL : virDomainLookupByName(connection, "test");
    if (domain == NULL) {
        fputs("usage: remote-driver URI (of a daemon whose test driver has the domain \"test\")\n", stderr);
        return 1;
    }
    int suspended = 0;
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        double start = seconds();
        for (long left = strtol(line, NULL, 10); left > 0; left--, suspended = !suspended)
            if ((suspended ? virDomainResume(domain) : virDomainSuspend(domain)) != 0)
                return 1;
        printf("done %.6f\n", seconds() - start);
        fflush(stdout);
    }
    virDomainFree(domain);
    virConnectClose(connection);
    return 0;
}
