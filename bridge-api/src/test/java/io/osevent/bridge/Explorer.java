package io.osevent.bridge;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Searches every interleaving of a program, breadth first, so that a failure comes with its shortest trace.
 *
 * <p>The program runs the production classes. Wherever more than one thing may happen next, it asks {@link #choose}; the
 * explorer runs it again from the start for each answer, and goes on from a state only the first time it is seen. A state
 * is what the program says of itself in {@link Program#state}: all that decides what can still happen.
 */
public final class Explorer {
    /** One run of what is searched; made afresh for each. */
    public interface Program {
        /** Runs to the end, asking {@link Explorer#choose} on the way; then checks what must hold at the end. */
        void run(Explorer explorer);

        /** Everything that decides what can still happen. */
        String state();

        /** What must hold in every state; throws {@link AssertionError}. */
        void check();
    }

    /** What a search has seen. */
    public record Result(long states, long schedules, int depth) {}

    /** Ends a run at a question that it has no answer for. */
    public static final class Branch extends RuntimeException {
        private static final long serialVersionUID = 1;

        Branch() {
            super(null, null, false, false);
        }
    }

    private record Digest(long high, long low) {}

    private static final Branch BRANCH = new Branch();

    private final Supplier<Program> fresh;
    private final long most;
    private final Set<Digest> seen = new HashSet<>();
    private final ArrayDeque<byte[]> frontier = new ArrayDeque<>();
    private final List<String> labels = new ArrayList<>();
    private Program program;
    private byte[] answers;
    private int asked;
    private boolean over;
    private long schedules;
    private boolean tracing;

    private Explorer(Supplier<Program> fresh, long most) {
        this.fresh = fresh;
        this.most = most;
    }

    /**
     * Searches all there is.
     *
     * @param fresh makes the program, always the same
     * @param mostStates fails if there are more states than that, so that no search is mistaken for an exhaustive one
     */
    public static Result explore(Supplier<Program> fresh, long mostStates) {
        return new Explorer(fresh, mostStates).search();
    }

    /** A search of a weakened program: returns how it failed, with its trace; fails if it does not. */
    static String mustFail(String name, String reason, Supplier<Program> weakened, long mostStates) {
        Explorer explorer = new Explorer(weakened, mostStates);
        try {
            explorer.search();
        } catch (AssertionError caught) {
            if (!caught.getMessage().contains(reason)) {
                throw new AssertionError("control " + name + " failed for another reason", caught);
            }
            String how = caught.getMessage().lines().findFirst().orElse("");
            ProofLog.caught(name, explorer.seen.size(), "states", how);
            return caught.getMessage();
        }
        throw new AssertionError("control " + name + " was not caught: the search proves nothing");
    }

    private Result search() {
        frontier.add(new byte[0]);
        int depth = 0;
        while (!frontier.isEmpty()) {
            byte[] next = frontier.poll();
            depth = Math.max(depth, next.length);
            execute(next);
            if (seen.size() > most) {
                throw new AssertionError("more than " + most + " states");
            }
        }
        return new Result(seen.size(), schedules, depth);
    }

    private void execute(byte[] schedule) {
        program = fresh.get();
        answers = schedule;
        asked = 0;
        over = false;
        schedules++;
        try {
            program.run(this);
            if (!over) {
                program.check();
            }
        } catch (Branch ended) {
            // The question is in the frontier, once for each answer.
        } catch (AssertionError | RuntimeException violation) {
            if (tracing || over) {
                return;
            }
            throw new AssertionError(violation.getMessage() + trace(schedule), violation);
        }
    }

    /** Runs once more, to name each step. */
    private String trace(byte[] schedule) {
        tracing = true;
        labels.clear();
        execute(schedule);
        tracing = false;
        return "\nafter " + String.join("\n   then ", labels);
    }

    /**
     * Asks which of several things happens next.
     *
     * @return an index into the options
     */
    public int choose(List<String> options) {
        int answer = ask(options);
        if (answer < 0) {
            throw BRANCH;
        }
        return answer;
    }

    /**
     * As {@link #choose}, from inside code that would catch an exception.
     *
     * @return an index into the options; negative if this run is over: whatever happens in the rest of it does not count
     */
    public int ask(List<String> options) {
        if (over) {
            return -1;
        }
        if (options.size() > Byte.MAX_VALUE) {
            throw new IllegalArgumentException("too many options");
        }
        if (asked < answers.length) {
            int answer = answers[asked++];
            if (tracing) {
                labels.add(options.get(answer));
            }
            return answer;
        }
        // What was before has been checked by the runs that ended there.
        program.check();
        over = true;
        if (!tracing && seen.add(digest(program.state()))) {
            for (int i = 0; i < options.size(); i++) {
                byte[] longer = java.util.Arrays.copyOf(answers, answers.length + 1);
                longer[answers.length] = (byte) i;
                frontier.add(longer);
            }
        }
        return -1;
    }

    /** 128 bits of a state, so that two states are not mistaken for one. */
    private static Digest digest(String state) {
        long high = 0xcbf29ce484222325L;
        long low = 0x9e3779b97f4a7c15L;
        for (int i = 0; i < state.length(); i++) {
            high = (high ^ state.charAt(i)) * 0x100000001b3L;
            low = Long.rotateLeft(low ^ state.charAt(i) * 0xff51afd7ed558ccdL, 29) * 0xc4ceb9fe1a85ec53L;
        }
        return new Digest(high, low);
    }
}
