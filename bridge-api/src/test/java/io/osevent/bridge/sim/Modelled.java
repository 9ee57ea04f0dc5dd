package io.osevent.bridge.sim;

/** A registration of the simulated library. */
interface Modelled {
    Life life();

    /** The core has begun a call. */
    void retained();

    /** The core has disabled it: a deregistration, the claim of a one-shot timeout, or a teardown. */
    void disabled();
}
