/* Peer "libvirt-glib": gvir_event_register of libvirt-glib, run by a thread that runs GLib's main loop. */
#include "bench.h"
#include "remote.h"

#include <libvirt-glib/libvirt-glib.h>
#include <pthread.h>

static void *run(void *loop)
{
    g_main_loop_run(loop);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    gvir_event_register();
    if (bench_bind_libvirt() != 0 || pthread_create(&thread, NULL, run, g_main_loop_new(NULL, FALSE)) != 0)
        return 1;
    bench_identity("libvirt-glib", "glib-poll", "none");
    remote_register();
    return bench_main(argc, argv);
}
