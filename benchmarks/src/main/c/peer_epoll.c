/* Peer "c-epoll": the pure C epoll loop of loop_epoll.c. */
#include "loop_epoll.h"

int main(int argc, char **argv)
{
    const struct bench_loop *loop = loop_epoll_start();
    if (loop == NULL)
        return 1;
    bench_bind(loop);
    bench_identity("c-epoll", "epoll", "none");
    return bench_main(argc, argv);
}
