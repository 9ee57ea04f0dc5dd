package io.osevent.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** An fd registration that records its calls and runs a script in them. */
public class RecordedFd extends FdRegistration {
    private final String name;
    private final List<Integer> events = new ArrayList<>();
    private IntConsumer script = bits -> {};
    private Runnable whenFreed = () -> {};
    private int frees;

    public RecordedFd(NativeContext context, String name, int fd, int interest) {
        super(context, fd, interest);
        this.name = name;
    }

    /** What each further callback does. */
    public RecordedFd does(IntConsumer callback) {
        script = callback;
        return this;
    }

    public RecordedFd whenFreed(Runnable finalizer) {
        whenFreed = finalizer;
        return this;
    }

    @Override
    protected void ready(int bits) {
        if (frees > 0) {
            throw new AssertionError(name + " was called after its ff");
        }
        events.add(bits);
        script.accept(bits);
    }

    @Override
    protected void free() {
        frees++;
        if (frees > 1) {
            throw new AssertionError(name + " was freed twice");
        }
        whenFreed.run();
    }

    public int calls() {
        return events.size();
    }

    public List<Integer> events() {
        return events;
    }

    public int frees() {
        return frees;
    }

    @Override
    public String toString() {
        return name + " (fd " + fd() + ")";
    }
}
