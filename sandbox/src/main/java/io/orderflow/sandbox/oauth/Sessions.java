package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Who is signed in, by the value of the cookie. */
final class Sessions {

    static final Duration LIFETIME = Duration.ofHours(12);

    /**
     * A session.
     *
     * @param sid its name in ID tokens, of no use as a cookie
     */
    record Session(String cookie, String sid, String userId, Instant authenticatedAt) {}

    private final Store.Table table;
    private final Clock clock;

    Sessions(Store store, Clock clock) {
        this.table = store.table("oauth-sessions");
        this.clock = clock;
    }

    Session begin(User user) {
        table.all()
                .map(Sessions::read)
                .filter(session -> !isLive(session))
                .toList()
                .forEach(this::end);
        var session = new Session(Secrets.random(32), Secrets.random(16), user.id(), clock.instant());
        table.put(
                session.cookie(),
                Json.object()
                        .put("cookie", session.cookie())
                        .put("sid", session.sid())
                        .put("userId", session.userId())
                        .put("authenticatedAt", session.authenticatedAt().toString()));
        return session;
    }

    Optional<Session> find(String cookie) {
        return table.get(cookie).map(Sessions::read).filter(this::isLive);
    }

    void end(Session session) {
        table.remove(session.cookie());
    }

    private boolean isLive(Session session) {
        return session.authenticatedAt().plus(LIFETIME).isAfter(clock.instant());
    }

    private static Session read(ObjectNode stored) {
        return new Session(
                stored.get("cookie").textValue(),
                stored.get("sid").textValue(),
                stored.get("userId").textValue(),
                Instant.parse(stored.get("authenticatedAt").textValue()));
    }
}
