package io.orderflow.sandbox.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.sandbox.Store;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionsTest {

    private static final User USER = new User("operator", "Oscar Operator", "", Set.of(), "");

    @Test
    void shouldEndASessionAfterItsLifetime() {
        // Given
        var begun = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
        var store = Store.inMemory();
        var session = new Sessions(store, begun).begin(USER);

        // When
        var beforeTheEnd = new Sessions(store, Clock.offset(begun, Sessions.LIFETIME.minusSeconds(1)));
        var atTheEnd = new Sessions(store, Clock.offset(begun, Sessions.LIFETIME));

        // Then
        assertThat(beforeTheEnd.find(session.cookie())).contains(session);
        assertThat(atTheEnd.find(session.cookie())).isEmpty();
        assertThat(beforeTheEnd.find(session.sid())).isEmpty();
    }
}
