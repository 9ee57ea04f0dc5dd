package io.osevent.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A turn, one step at a time, in the order of {@link Turn}: what is due by time, the finalizers, and harvest, look-up,
 * claim, call and release for each event. Between two steps anything may happen.
 */
final class SteppedLoop {
    private enum At {
        IDLE,
        TIMEOUT,
        TIMEOUT_CALL,
        TIMEOUT_RELEASE,
        FINALIZER,
        FREE,
        FREED,
        HARVEST,
        LOOK_UP,
        STALE,
        CLAIM,
        CALL,
        RELEASE
    }

    private final SimKernel kernel;
    private final EventSet set;
    private final Turn turn;
    private final Dispatch dispatch;
    private final WorkerCalls workers;
    private final CallScope scope;
    private At at = At.IDLE;
    private long start;
    private Registration calling;
    private Registration taken;
    private int count;
    private int event;
    private FdEntry.View view;
    private int place;
    private int bits;
    private int staleSeen;
    private final List<Integer> posted = new ArrayList<>();
    private BiConsumer<String, FdRegistration> beforeCall = (file, registration) -> {};
    private String[] files = {};

    SteppedLoop(SimKernel kernel, EventSet set, Dispatch dispatch, CallScope scope) {
        this.kernel = kernel;
        this.set = set;
        this.turn = set.turn();
        this.dispatch = dispatch;
        this.workers = new WorkerCalls(set, dispatch);
        this.scope = scope;
    }

    /** Told of each call of an fd: the file that was reported, and the registration that is called for it. */
    void beforeCall(BiConsumer<String, FdRegistration> check) {
        beforeCall = check;
    }

    /** True inside a turn, and while the set's descriptor is readable or its timer about to fire. */
    boolean hasWork() {
        return at != At.IDLE || kernel.isReadable(set.fd()) || kernel.nextTimer() <= kernel.nanoTime() + 1;
    }

    /** True while a turn takes what is due by time. */
    boolean isExpiring() {
        return at == At.TIMEOUT || at == At.TIMEOUT_CALL || at == At.TIMEOUT_RELEASE;
    }

    boolean isIdle() {
        return at == At.IDLE;
    }

    /** True if the next step takes no lock. */
    boolean isLockFree() {
        boolean claim = at == At.CLAIM && view.registrations()[place].context().worker() == null;
        return at == At.HARVEST || at == At.LOOK_UP || claim;
    }

    int staleSeen() {
        return staleSeen;
    }

    String label() {
        return at.name();
    }

    void step() {
        switch (at) {
            case IDLE -> begin();
            case TIMEOUT -> timeout();
            case TIMEOUT_CALL -> {
                dispatch.call((TimeoutRegistration) calling, scope);
                at = At.TIMEOUT_RELEASE;
            }
            case TIMEOUT_RELEASE -> {
                dispatch.release(calling);
                at = At.TIMEOUT;
            }
            case FINALIZER -> {
                taken = set.takeFinalizers(TurnLimits.DEFAULT.finalizers());
                calling = taken;
                at = calling == null ? At.HARVEST : At.FREE;
            }
            case FREE -> {
                dispatch.free(calling, scope);
                calling = calling.nextFinalizer;
                at = calling == null ? At.FREED : At.FREE;
            }
            case FREED -> {
                set.finishFinalizers(taken);
                taken = null;
                at = At.HARVEST;
            }
            case HARVEST -> harvest();
            case LOOK_UP -> {
                view = turn.lookUp(event);
                place = 0;
                at = view == null ? At.STALE : At.CLAIM;
            }
            case STALE -> {
                staleSeen++;
                turn.noteStale(event);
                nextEvent();
            }
            case CLAIM -> claim();
            case CALL -> {
                dispatch.call(view.registrations()[place], bits, scope);
                at = At.RELEASE;
            }
            case RELEASE -> {
                dispatch.release(view.registrations()[place]);
                nextPlace();
            }
            default -> throw new IllegalStateException(at.name());
        }
    }

    private void begin() {
        kernel.advance(1);
        start = kernel.nanoTime();
        boolean timed = set.minimum() <= start;
        if (timed) {
            set.beginTurn(start);
        }
        at = timed ? At.TIMEOUT : At.HARVEST;
    }

    private void timeout() {
        TimeoutRegistration due = set.takeDue(start);
        if (due == null) {
            at = At.FINALIZER;
        } else if (due.context().worker() != null) {
            workers.post(due);
        } else {
            calling = due;
            at = At.TIMEOUT_CALL;
        }
    }

    private void harvest() {
        count = turn.harvest(8);
        files = new String[Math.max(count, 0)];
        for (int i = 0; i < count; i++) {
            files[i] = kernel.reportedFile(i);
        }
        event = 0;
        at = count > 0 ? At.LOOK_UP : At.IDLE;
    }

    private void claim() {
        FdRegistration registration = view.registrations()[place];
        if (registration.context().worker() != null) {
            posted.add(turn.events(event));
            workers.post(view.entry(), registration, turn.events(event));
            nextPlace();
            return;
        }
        bits = dispatch.claim(registration, turn.events(event));
        if (bits == 0) {
            nextPlace();
        } else {
            beforeCall.accept(files[event], registration);
            at = At.CALL;
        }
    }

    private void nextPlace() {
        place++;
        if (place < view.registrations().length) {
            at = At.CLAIM;
        } else {
            nextEvent();
        }
    }

    private void nextEvent() {
        view = null;
        event++;
        at = event < count ? At.LOOK_UP : At.HARVEST;
    }

    /** For the hash of a state; the worker's tasks hold the last so many sets of bits. */
    String state(int waiting) {
        List<Integer> held = posted.subList(Math.max(0, posted.size() - waiting), posted.size());
        StringBuilder text = new StringBuilder(at.name()).append(held);
        if (at == At.IDLE) {
            return text.append(Math.min(staleSeen, 9)).toString();
        }
        text.append(staleSeen).append(calling).append('.').append(bits);
        for (Registration next = taken; next != null; next = next.nextFinalizer) {
            text.append('f').append(next);
        }
        text.append('.').append(start == kernel.nanoTime());
        for (int i = event; i < count; i++) {
            text.append('/').append(turn.events(i)).append(files[i]).append(turn.lookUp(i) == null);
        }
        if (view != null) {
            text.append('v').append(view.tag()).append('+').append(place);
            for (FdRegistration registration : view.registrations()) {
                text.append(registration);
            }
        }
        return text.toString();
    }
}
