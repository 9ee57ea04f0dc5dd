package io.osevent.libxl;

import java.util.concurrent.atomic.LongAdder;

/**
 * What crossed between libxl and its hosts in this process, counted where it is made. The last three are what must never
 * happen; such a call is refused, not only counted.
 */
public final class LibxlCounters {
    static final LongAdder CONTEXTS = new LongAdder();
    static final LongAdder FREED = new LongAdder();
    static final LongAdder FD_REGISTERED = new LongAdder();
    static final LongAdder FD_MODIFIED = new LongAdder();
    static final LongAdder FD_DEREGISTERED = new LongAdder();
    static final LongAdder TIMEOUT_REGISTERED = new LongAdder();
    static final LongAdder TIMEOUT_MODIFIED = new LongAdder();
    static final LongAdder OCCURRED_FD = new LongAdder();
    static final LongAdder OCCURRED_TIMEOUT = new LongAdder();
    static final LongAdder TIMEOUT_DROPPED = new LongAdder();
    static final LongAdder OPERATIONS = new LongAdder();
    static final LongAdder COMPLETIONS = new LongAdder();
    static final LongAdder EVENTS = new LongAdder();
    static final LongAdder HOOKS_REFUSED = new LongAdder();
    static final LongAdder TIMEOUT_TWICE = new LongAdder();
    static final LongAdder INSIDE_HOOK = new LongAdder();
    static final LongAdder AFTER_FREE = new LongAdder();

    private LibxlCounters() {}

    /**
     * Counts since the start of the process.
     *
     * @param contexts contexts allocated
     * @param freed contexts freed
     * @param fdRegistered successful calls of {@code fd_register}
     * @param fdModified successful calls of {@code fd_modify}
     * @param fdDeregistered calls of {@code fd_deregister}
     * @param timeoutRegistered successful calls of {@code timeout_register}
     * @param timeoutModified calls of {@code timeout_modify}
     * @param occurredFd calls of {@code libxl_osevent_occurred_fd}
     * @param occurredTimeout calls of {@code libxl_osevent_occurred_timeout}
     * @param timeoutDropped timeouts that were not due yet when their context was freed
     * @param operations operations that libxl began
     * @param completions callbacks of operations
     * @param events callbacks of events
     * @param hooksRefused hooks that answered with an error, or named something unknown
     * @param timeoutTwice attempts to deliver a timeout for a second time
     * @param insideHook attempts to call libxl from inside a hook
     * @param afterFree attempts to call libxl with a context that was freed
     */
    public record Counts(
            long contexts,
            long freed,
            long fdRegistered,
            long fdModified,
            long fdDeregistered,
            long timeoutRegistered,
            long timeoutModified,
            long occurredFd,
            long occurredTimeout,
            long timeoutDropped,
            long operations,
            long completions,
            long events,
            long hooksRefused,
            long timeoutTwice,
            long insideHook,
            long afterFree) {

        /**
         * Breaches of libxl's contract that were attempted.
         *
         * @return 0 in a correct program
         */
        public long breaches() {
            return timeoutTwice + insideHook + afterFree;
        }

        /**
         * Timeouts that were neither delivered nor dropped with their context.
         *
         * @return 0 when nothing is open any more
         */
        public long timeoutsOpen() {
            return timeoutRegistered - occurredTimeout - timeoutDropped;
        }

        /**
         * File descriptors that libxl has not deregistered.
         *
         * @return 0 when nothing is open any more
         */
        public long fdsOpen() {
            return fdRegistered - fdDeregistered;
        }
    }

    /**
     * The counts of this moment.
     *
     * @return a snapshot, exact while nothing is going on
     */
    public static Counts now() {
        return new Counts(
                CONTEXTS.sum(),
                FREED.sum(),
                FD_REGISTERED.sum(),
                FD_MODIFIED.sum(),
                FD_DEREGISTERED.sum(),
                TIMEOUT_REGISTERED.sum(),
                TIMEOUT_MODIFIED.sum(),
                OCCURRED_FD.sum(),
                OCCURRED_TIMEOUT.sum(),
                TIMEOUT_DROPPED.sum(),
                OPERATIONS.sum(),
                COMPLETIONS.sum(),
                EVENTS.sum(),
                HOOKS_REFUSED.sum(),
                TIMEOUT_TWICE.sum(),
                INSIDE_HOOK.sum(),
                AFTER_FREE.sum());
    }
}
