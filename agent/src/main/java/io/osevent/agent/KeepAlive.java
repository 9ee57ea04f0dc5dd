package io.osevent.agent;

/**
 * How a daemon is watched.
 *
 * @param interval the seconds of silence after which it is asked, 0 for never
 * @param count the unanswered questions after which it counts as gone
 */
record KeepAlive(int interval, int count) {

    static final KeepAlive DEFAULT = new KeepAlive(5, 3);

    /** The seconds after which a silent daemon counts as gone; the loop must not lag as long. */
    int deadline() {
        return interval * count;
    }
}
