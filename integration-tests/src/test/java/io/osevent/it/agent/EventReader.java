package io.osevent.it.agent;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A reader of server-sent events. */
final class EventReader implements AutoCloseable {

    private static final int SECONDS = 30;

    /** A frame; the name is "message" if none was given. */
    record Frame(String id, String name, JsonObject data) {}

    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> comments = new LinkedBlockingQueue<>();
    private final Stream<String> lines;

    private EventReader(HttpResponse<Stream<String>> response) {
        this.lines = response.body();
        Thread reader = new Thread(this::read, "event-reader");
        reader.setDaemon(true);
        reader.start();
    }

    static EventReader open(HttpClient client, URI uri, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<Stream<String>> response = client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new IllegalStateException("the event stream was refused: " + response.statusCode());
        }
        EventReader reader = new EventReader(response);
        // The first comment says that the reader is counted in.
        reader.comment();
        return reader;
    }

    /** The next frame that is not about the moment's numbers. */
    Frame next() throws Exception {
        while (true) {
            Frame frame = frames.poll(SECONDS, TimeUnit.SECONDS);
            if (frame == null) {
                throw new IllegalStateException("no event within " + SECONDS + " s");
            }
            if (!frame.name().equals("stats")) {
                return frame;
            }
        }
    }

    /** The next frame of a name. */
    Frame next(String name) throws Exception {
        Frame frame = next();
        while (!frame.name().equals(name)) {
            frame = next();
        }
        return frame;
    }

    String comment() throws Exception {
        String comment = comments.poll(SECONDS, TimeUnit.SECONDS);
        if (comment == null) {
            throw new IllegalStateException("no sign of life within " + SECONDS + " s");
        }
        return comment;
    }

    @Override
    public void close() {
        lines.close();
    }

    private void read() {
        String id = "";
        String name = "message";
        String data = null;
        Iterator<String> each = lines.iterator();
        try {
            while (each.hasNext()) {
                String line = each.next();
                if (line.isEmpty()) {
                    if (data != null) {
                        frames.add(new Frame(id, name, new JsonObject(data)));
                    }
                    name = "message";
                    data = null;
                } else if (line.startsWith(":")) {
                    comments.add(line.substring(1).trim());
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                }
            }
        } catch (java.io.UncheckedIOException e) {
            // The agent has gone, or the reader was closed.
        }
    }
}
