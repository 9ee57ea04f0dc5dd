package io.osevent.agent;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Log-ins of the page: a browser's event stream and web socket can carry a cookie, but no header. */
final class Sessions {

    static final String COOKIE = "osevent_session";
    static final Duration LIFE = Duration.ofHours(12);

    private static final int MOST = 1000;

    private record Session(Tokens.Token token, long endNanos) {}

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> byId = new HashMap<>();

    String open(Tokens.Token token) {
        long now = System.nanoTime();
        byId.values().removeIf(session -> session.endNanos() - now < 0);
        if (byId.size() >= MOST) {
            byId.clear();
        }
        byte[] id = new byte[32];
        random.nextBytes(id);
        String text = HexFormat.of().formatHex(id);
        byId.put(text, new Session(token, now + LIFE.toNanos()));
        return text;
    }

    Optional<Tokens.Token> find(String id) {
        Session session = byId.get(id);
        return session == null || session.endNanos() - System.nanoTime() < 0
                ? Optional.empty()
                : Optional.of(session.token());
    }

    void close(String id) {
        byId.remove(id);
    }
}
