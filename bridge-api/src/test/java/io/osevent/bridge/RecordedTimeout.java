package io.osevent.bridge;

/** A timeout that records its calls and runs a script in them. */
public class RecordedTimeout extends TimeoutRegistration {
    private final String name;
    private Runnable script = () -> {};
    private int calls;
    private int frees;

    /** One-shot. */
    public RecordedTimeout(NativeContext context, String name) {
        super(context);
        this.name = name;
    }

    /** Periodic. */
    public RecordedTimeout(NativeContext context, String name, int periodMillis) {
        super(context, periodMillis);
        this.name = name;
    }

    /** What each further callback does. */
    public RecordedTimeout does(Runnable callback) {
        script = callback;
        return this;
    }

    @Override
    protected void expired() {
        if (frees > 0) {
            throw new AssertionError(name + " was called after its ff");
        }
        calls++;
        script.run();
    }

    @Override
    protected void free() {
        frees++;
        if (frees > 1) {
            throw new AssertionError(name + " was freed twice");
        }
    }

    public int calls() {
        return calls;
    }

    public int frees() {
        return frees;
    }

    @Override
    public String toString() {
        return name;
    }
}
