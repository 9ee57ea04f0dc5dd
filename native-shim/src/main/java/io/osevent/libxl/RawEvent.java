package io.osevent.libxl;

/**
 * A {@code libxl_event} as libxl itself writes it down.
 *
 * @param json {@code libxl_event_to_json}
 */
public record RawEvent(String json) {}
