package io.osevent.bridge;

/**
 * A foreign library's wish to be called at a time. Either periodic, as libvirt's timers are: re-armed from now before
 * each callback, with {@link #OFF} and "every turn" (0) as special periods. Or one-shot, as libxl's timeouts are: its
 * delivery disables it, so that it is delivered at most once.
 */
public abstract class TimeoutRegistration extends Registration {
    /** Period of a timer that does not run. */
    public static final int OFF = -1;

    private static final int ONE_SHOT = -2;

    /** Milliseconds, {@link #OFF}, 0 for every turn, or {@link #ONE_SHOT}. Under the set's lock, like all below. */
    private int period;

    /** Place in {@link TimeoutList} or {@link ZeroTimers}; -1 if in neither. */
    int index = -1;

    /** A one-shot timeout that is due because the library said "now". */
    boolean saidNow;

    /**
     * A one-shot timeout, to be added by {@link EventSet#addOneShot}.
     *
     * @param context the native context it belongs to
     */
    protected TimeoutRegistration(NativeContext context) {
        super(context);
        this.period = ONE_SHOT;
    }

    /**
     * A periodic timer, to be added by {@link EventSet#addPeriodic}.
     *
     * @param context the native context it belongs to
     * @param periodMillis milliseconds; 0 for every turn; any negative value is {@link #OFF}
     */
    protected TimeoutRegistration(NativeContext context, int periodMillis) {
        super(context);
        this.period = Math.max(periodMillis, OFF);
    }

    final boolean isOneShot() {
        return period == ONE_SHOT;
    }

    final int period() {
        return period;
    }

    final void period(int millis) {
        period = Math.max(millis, OFF);
    }

    /**
     * Calls the foreign library: the time has come. On the loop, or on the context's ordered worker if it has one; no
     * lock held; it may call every hook, also for this registration.
     */
    protected abstract void expired();
}
