package io.osevent.bridge;

/** Hears of each successful change of a registration's word, before any other thread can act on it. */
public interface SlotObserver {
    void retained(Registration registration);

    void disabled(Registration registration);
}
