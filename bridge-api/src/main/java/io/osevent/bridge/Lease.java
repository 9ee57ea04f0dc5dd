package io.osevent.bridge;

import java.util.concurrent.CompletionStage;

/** A host's watching of one event set. */
public interface Lease {
    /**
     * Ends the lease. Any thread, also from inside a callback; idempotent; never waits.
     *
     * @return completes when the last turn of this lease has returned and none will follow; always completes, also if the
     *     host's loop has ended meanwhile
     */
    CompletionStage<Void> cancel();
}
