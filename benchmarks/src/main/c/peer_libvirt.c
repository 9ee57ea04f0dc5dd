/* Peer "libvirt-default": virEventRegisterDefaultImpl, run by a thread that calls virEventRunDefaultImpl for ever. */
#include "bench.h"
#include "remote.h"

#include <libvirt/libvirt.h>
#include <pthread.h>
#include <stdio.h>

static void *run(void *unused)
{
    (void)unused;
    while (virEventRunDefaultImpl() == 0)
        ;
    fputs("bench: libvirt's default loop has stopped\n", stderr);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    if (virEventRegisterDefaultImpl() != 0 || bench_bind_libvirt() != 0
        || pthread_create(&thread, NULL, run, NULL) != 0)
        return 1;
    bench_identity("libvirt-default", "glib-poll", "none");
    remote_register();
    return bench_main(argc, argv);
}
