package io.osevent.bridge.sim;

/** Controls: what the simulation must catch. */
enum Weakening {
    NONE,
    /** The core's monitors exclude nobody. */
    NO_LOCK,
    /** A call begins with the reference alone, whatever the state. */
    RETAIN_WITHOUT_CHECK,
    /** The finalizer is due as soon as the registration is disabled. */
    EARLY_FINALIZER,
    /** A hook of another thread does not wake the loop. */
    NO_WAKE,
    /** A deregistered fd stays in the kernel's set. */
    NO_DEL,
    /** The kernel's tags do not tell an fd's former entry from its present one. */
    FD_AS_TAG
}
