package io.osevent.bridge;

/**
 * The kernel's side of an event set: a <em>front</em> epoll set, whose descriptor the host watches for as long as the
 * set lives, and inside it the timer and a <em>back</em> epoll set that holds the foreign fds and can be replaced. Under
 * the set's lock.
 */
final class BackSets {
    static final long TIMER_TAG = 1;
    static final long BACK_TAG = 2;

    private final NativePort port;
    private final int front;
    private final int timer;
    private volatile int back;

    /** Made in advance: when a rebuild is needed, descriptors may be scarce. -1 if none could be made. */
    private int spare;

    BackSets(NativePort port) {
        this.port = port;
        this.front = require(port.createSet(), "epoll_create1");
        this.timer = require(port.createTimer(), "timerfd_create");
        this.back = require(port.createSet(), "epoll_create1");
        this.spare = port.createSet();
        require(port.control(front, NativePort.CTL_ADD, timer, Interest.READABLE, TIMER_TAG), "epoll_ctl(ADD)");
        require(port.control(front, NativePort.CTL_ADD, back, Interest.READABLE, BACK_TAG), "epoll_ctl(ADD)");
    }

    int front() {
        return front;
    }

    int back() {
        return back;
    }

    int timer() {
        return timer;
    }

    /**
     * Puts an empty set in the place of the back set. The old one is out of the front set and still open.
     *
     * @return false if no set could be made or added; nothing has changed then
     */
    boolean replaceBack() {
        int fresh = spare >= 0 ? spare : port.createSet();
        if (fresh < 0) {
            return false;
        }
        spare = fresh;
        if (port.control(front, NativePort.CTL_ADD, fresh, Interest.READABLE, BACK_TAG) < 0) {
            return false;
        }
        port.control(front, NativePort.CTL_DEL, back, 0, 0);
        back = fresh;
        spare = -1;
        return true;
    }

    void discard(int oldBack) {
        port.close(oldBack);
        spare = port.createSet();
    }

    void close() {
        if (spare >= 0) {
            port.close(spare);
        }
        port.close(back);
        port.close(timer);
        port.close(front);
    }

    /** Keeps what was opened so far from leaking when a constructor fails half-way. */
    private int require(int result, String call) {
        if (result < 0) {
            for (int fd : new int[] {spare, back, timer, front}) {
                if (fd > 0) {
                    port.close(fd);
                }
            }
            throw new NativeErrorException(call, -result, "a new event set");
        }
        return result;
    }
}
