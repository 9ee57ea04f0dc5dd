package io.osevent.bridge;

/**
 * Counts of one moment.
 *
 * @param fds live registrations of file descriptors
 * @param timeouts live timeouts and timers, armed or not
 * @param finalizersQueued finalizers that wait for a turn
 * @param registered registrations since the start
 * @param refused registrations that failed, so that the foreign library was told so, since the start
 * @param finalized registrations whose finalizer has run, since the start
 * @param staleTags events that named an entry that had gone, since the start
 * @param rebuilds rebuilds of the kernel's set, since the start
 * @param detached entries whose number came to mean another file, since the start
 */
public record EventSetStats(
        int fds,
        int timeouts,
        int finalizersQueued,
        long registered,
        long refused,
        long finalized,
        long staleTags,
        long rebuilds,
        long detached) {
    /**
     * Registrations that are not finalized.
     *
     * @return 0 if nothing is left
     */
    public long unfinished() {
        return registered - finalized;
    }
}
