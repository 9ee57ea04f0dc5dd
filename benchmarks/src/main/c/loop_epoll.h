#ifndef OSEVENT_BENCH_LOOP_EPOLL_H
#define OSEVENT_BENCH_LOOP_EPOLL_H

#include "bench.h"

/* Starts the plain C epoll loop on a thread of its own, once per process; NULL if it cannot. */
const struct bench_loop *loop_epoll_start(void);

#endif
