package io.osevent.bridge;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An event set in words, for the hash of a state in a search: all that decides what it does next, and nothing that only
 * counts, such as absolute time or totals.
 */
final class CoreState {
    private static final Map<String, Field> FIELDS = new ConcurrentHashMap<>();

    private CoreState() {}

    static String of(EventSet set, SlotTable slots, long now) {
        StringBuilder text = new StringBuilder();
        text.append(relative(set.minimum(), now)).append(get(set, "woken"));
        text.append(get(set, "leftToTurn")).append(';');
        for (int slot = 0; slot < slots.allocated(); slot++) {
            text.append(Long.toHexString(slots.word(slot))).append(',');
            describe(slots.occupant(slot), text);
        }
        Object finalizers = get(set, "finalizers");
        for (Registration r = (Registration) get(finalizers, "head"); r != null; r = r.nextFinalizer) {
            text.append(">").append(r);
        }
        timeouts(timeouts(set), now, text);
        for (TimeoutRegistration timer : set.zeroTimers()) {
            text.append('z').append(timer);
        }
        views(get(set, "views"), text);
        text.append(((int) get(get(set, "sets"), "spare")) >= 0);
        return text.toString();
    }

    private static void describe(Registration occupant, StringBuilder text) {
        text.append(occupant);
        if (occupant instanceof FdRegistration fd && fd.entry != null) {
            FdEntry entry = fd.entry;
            text.append(fd.interest()).append(fd.stranded ? 's' : ' ');
            text.append(entry.view.tag())
                    .append('.')
                    .append(entry.written)
                    .append('.')
                    .append(entry.busy);
            text.append(entry.detached).append(entry.view.registrations().length);
        } else if (occupant instanceof TimeoutRegistration timeout) {
            text.append(timeout.period()).append('.').append(timeout.index).append(timeout.saidNow);
        }
        text.append(';');
    }

    private static void timeouts(Object list, long now, StringBuilder text) {
        long[] deadlines = (long[]) get(list, "deadlines");
        TimeoutRegistration[] armed = (TimeoutRegistration[]) get(list, "timeouts");
        for (int i = 0; i < (int) get(list, "size"); i++) {
            text.append(armed[i])
                    .append('@')
                    .append(relative(deadlines[i], now))
                    .append(',');
        }
    }

    private static void views(Object views, StringBuilder text) {
        long harvests = ((AtomicLong) get(views, "harvests")).get();
        int[] generations = (int[]) get(views, "generations");
        long[] staleSince = (long[]) get(views, "staleSince");
        int[] staleBefore = (int[]) get(views, "staleBefore");
        int[] free = (int[]) get(views, "freeSlots");
        for (int slot = 0; slot < (int) get(views, "used"); slot++) {
            boolean fresh = staleSince[slot] == harvests;
            text.append(generations[slot])
                    .append(fresh ? "f" + staleBefore[slot] : "")
                    .append('.');
        }
        for (int i = 0; i < (int) get(views, "freeCount"); i++) {
            text.append(free[i]).append('_');
        }
        text.append((long) get(views, "rebuiltIn") == harvests);
    }

    /** A native context: its phase, and who is inside. */
    static String of(NativeContext context) {
        return context.phase() + context.holders() + context.isPaused();
    }

    /** A teardown: where it is. */
    static String of(Teardown teardown) {
        return get(teardown, "step") + " " + get(teardown, "state");
    }

    /**
     * The one minimum, and the timer: what the next turn is due at is what there is to do, and the kernel wakes for it. A
     * turn that takes what is due leaves both as they were, earlier than that, until it has taken all; and what a turn
     * changes itself it programs as it ends.
     */
    static void checkMinimum(EventSet set, SimKernel kernel, boolean expiring) {
        if (expiring && (boolean) get(set, "leftToTurn")) {
            return;
        }
        boolean now = (boolean) get(set, "woken")
                || set.stats().finalizersQueued() > 0
                || set.zeroTimers().length > 0
                || set.alwaysReady().length > 0;
        long expected = now ? Alarm.NOW : timeouts(set).minimum();
        boolean early = expiring && set.minimum() < expected && set.minimum() <= kernel.nanoTime();
        if (set.minimum() != expected && !early) {
            throw new AssertionError("the minimum is " + set.minimum() + " instead of " + expected);
        }
        long latest = expected == Alarm.NEVER ? Long.MAX_VALUE : Math.max(kernel.nanoTime() + 1, expected);
        if (kernel.nextTimer() > latest) {
            throw new AssertionError("the timer is later than what there is to do");
        }
    }

    /** The deadline of a timeout that is armed. */
    static long deadline(EventSet set, TimeoutRegistration armed) {
        return timeouts(set).deadline(armed);
    }

    /** A deadline as seen from now: past ones are all alike. */
    static String relative(long deadline, long now) {
        if (deadline == Alarm.NOW || deadline == Alarm.NEVER) {
            return deadline == Alarm.NOW ? "now" : "never";
        }
        return deadline <= now ? "past" : String.valueOf(deadline - now);
    }

    /** Runs something as if in a thread of its own, though the calling one may run the set's turn. */
    static void elsewhere(EventSet set, Runnable action) {
        Object turn = get(set, "turn");
        Object thread = get(turn, "thread");
        put(turn, "thread", null);
        action.run();
        put(turn, "thread", thread);
    }

    private static TimeoutList timeouts(EventSet set) {
        return (TimeoutList) get(get(set, "timers"), "timeouts");
    }

    private static Object get(Object from, String name) {
        try {
            return field(from, name).get(from);
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError("the hash of a state needs " + name + " of " + from.getClass(), failure);
        }
    }

    private static void put(Object into, String name, Object value) {
        try {
            field(into, name).set(into, value);
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError("a search needs " + name + " of " + into.getClass(), failure);
        }
    }

    private static Field field(Object of, String name) throws ReflectiveOperationException {
        String key = of.getClass().getName() + '.' + name;
        Field field = FIELDS.get(key);
        if (field == null) {
            field = of.getClass().getDeclaredField(name);
            field.setAccessible(true);
            FIELDS.put(key, field);
        }
        return field;
    }
}
