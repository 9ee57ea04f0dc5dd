/*
 * The kernel's backend drivers (netback, blkback), as far as libxl sees them: the state machine in xenstore.
 *
 * Initialising (1) is answered with InitWait (2), Closing (5) with Closed (6), for every device of domain 0's
 * backends. Prints "ready" once its watch is set, and ends with its parent. Where no backend answers, it is
 * simply not running.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <xenstore.h>

#define ROOT "/local/domain/0/backend"

static const char *answer_to(const char *state)
{
    if (strcmp(state, "1") == 0)
        return "2";
    if (strcmp(state, "5") == 0)
        return "6";
    return NULL;
}

static void serve(struct xs_handle *xs, const char *path)
{
    static const char leaf[] = "/state";
    size_t length = strlen(path);
    const char *answer;
    unsigned size;
    char *state;

    if (length < sizeof leaf || strcmp(path + length - (sizeof leaf - 1), leaf) != 0)
        return;
    state = xs_read(xs, XBT_NULL, path, &size);
    if (!state)
        return; /* removed in the meantime */
    answer = answer_to(state);
    if (answer && !xs_write(xs, XBT_NULL, path, answer, 1))
        fprintf(stderr, "backend: cannot write %s: %s\n", path, strerror(errno));
    free(state);
}

int main(void)
{
    struct xs_handle *xs = xs_open(0);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!xs || !xs_watch(xs, ROOT, "backend")) {
        fprintf(stderr, "backend: xenstored: %s\n", strerror(errno));
        return 1;
    }
    puts("ready");
    fflush(stdout);
    for (;;) {
        unsigned count;
        char **event = xs_read_watch(xs, &count);

        if (!event)
            return 1; /* xenstored is gone */
        serve(xs, event[XS_WATCH_PATH]);
        free(event);
    }
}
