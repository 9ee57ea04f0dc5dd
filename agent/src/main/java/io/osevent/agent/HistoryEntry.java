package io.osevent.agent;

/**
 * One thing that happened, ready to be sent.
 *
 * @param id its number
 * @param name the event's name in the stream, empty for the default
 * @param data JSON on one line
 */
record HistoryEntry(long id, String name, String data) {

    String toFrame() {
        String head = name.isEmpty() ? "" : "event: " + name + "\n";
        return "id: " + id + "\n" + head + "data: " + data + "\n\n";
    }
}
