package io.osevent.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Several actors, each a sequence of steps, and an explorer that decides whose step is next. A step may itself stop
 * half-way and let the others go on ({@link #others}), as a thread does inside a call or a system call.
 */
final class Interleaving {
    /** One thread of the program. */
    final class Actor {
        final String name;
        private final List<Runnable> steps = new ArrayList<>();
        private final List<String> names = new ArrayList<>();
        private BooleanSupplier ready = () -> true;
        private BooleanSupplier lockFree = () -> false;
        private BooleanSupplier endless;
        private Supplier<String> stepLabel;
        private int next;
        private boolean onStack;

        private Actor(String name) {
            this.name = name;
        }

        /** Its next step. */
        Actor does(String what, Runnable step) {
            names.add(what);
            steps.add(step);
            return this;
        }

        /** When it can go on at all; for a thread that waits. */
        Actor when(BooleanSupplier condition) {
            ready = condition;
            return this;
        }

        /** When its next step takes no lock, so that it goes on while another thread holds it. */
        Actor lockFreeWhen(BooleanSupplier condition) {
            lockFree = condition;
            return this;
        }

        /** It repeats its one step for as long as there is something to do, and is not waited for. */
        Actor forever(String what, Runnable step, BooleanSupplier somethingToDo) {
            does(what, step);
            endless = somethingToDo;
            return this;
        }

        /** What its next step is, for an actor that repeats itself. */
        Actor labelled(Supplier<String> label) {
            stepLabel = label;
            return this;
        }

        boolean isDone() {
            return endless == null && next == steps.size();
        }

        int position() {
            return next;
        }

        private boolean canStep() {
            return !onStack && !isDone() && ready.getAsBoolean() && (endless == null || endless.getAsBoolean());
        }

        private String label() {
            return name + ": " + (stepLabel != null ? stepLabel.get() : names.get(endless == null ? next : 0));
        }

        private void step() {
            int index = endless == null ? next : 0;
            onStack = true;
            try {
                steps.get(index).run();
            } finally {
                onStack = false;
                next = endless == null ? next + 1 : 0;
            }
        }
    }

    private final Explorer explorer;
    private final List<Actor> actors = new ArrayList<>();
    private String where = "";

    Interleaving(Explorer explorer) {
        this.explorer = explorer;
    }

    Actor actor(String name) {
        Actor actor = new Actor(name);
        actors.add(actor);
        return actor;
    }

    /** Runs until nobody can go on; fails if somebody has not finished by then. */
    void run() {
        while (true) {
            List<Actor> able = able(false);
            if (able.isEmpty()) {
                break;
            }
            able.get(explorer.choose(labels(able))).step();
        }
        for (Actor actor : actors) {
            if (!actor.isDone() && actor.endless == null) {
                throw new AssertionError("stuck: " + actor.label());
            }
        }
    }

    /** In the middle of a step: lets others take any number of steps, those without a lock only if one is held. */
    void others(String place, boolean lockHeld) {
        String before = where;
        where = before + '@' + place;
        while (true) {
            List<Actor> able = able(lockHeld);
            if (able.isEmpty()) {
                break;
            }
            List<String> labels = labels(able);
            labels.add("go on");
            int choice = explorer.ask(labels);
            if (choice < 0 || choice == able.size()) {
                break;
            }
            able.get(choice).step();
        }
        where = before;
    }

    /** Who is where, for the hash of a state. */
    String state() {
        StringBuilder text = new StringBuilder(where);
        for (Actor actor : actors) {
            text.append(actor.onStack ? '!' : '|').append(actor.next);
        }
        return text.toString();
    }

    private List<Actor> able(boolean lockFreeOnly) {
        List<Actor> able = new ArrayList<>();
        for (Actor actor : actors) {
            if (actor.canStep() && (!lockFreeOnly || actor.lockFree.getAsBoolean())) {
                able.add(actor);
            }
        }
        return able;
    }

    private static List<String> labels(List<Actor> able) {
        List<String> labels = new ArrayList<>();
        able.forEach(actor -> labels.add(actor.label()));
        return labels;
    }
}
