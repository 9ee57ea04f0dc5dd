/**
 * The contract between an event-driven C library and the event loop that hosts it: registrations, the event set, the
 * timeout list, the turn, and the SPI of a host. It needs the JDK only.
 */
module io.osevent.bridge {
    exports io.osevent.bridge;
}
