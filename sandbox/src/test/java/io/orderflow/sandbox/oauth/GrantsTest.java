package io.orderflow.sandbox.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orderflow.sandbox.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrantsTest {

    private static final String CLIENT = "dashboard";

    private final Store store = Store.inMemory();
    private final MovableClock clock = new MovableClock();
    private final Grants grants = new Grants(store, clock);
    private final Grant grant =
            new Grant(CLIENT, "operator", Set.of("openid"), "sid", clock.instant(), Optional.of("nonce"));

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void shouldTakeACodeWithinItsMinuteOnly() {
        // Given
        var inTime = code();
        clock.advance(Grants.CODE_LIFETIME.minusSeconds(1));
        var redeemed = redeem(inTime);
        var late = code();

        // When
        clock.advance(Grants.CODE_LIFETIME);

        // Then
        assertThat(redeemed.grant()).isEqualTo(grant);
        assertThatThrownBy(() -> redeem(late)).isInstanceOf(OAuthError.class);
    }

    @Test
    void shouldSeeTheSecondUseOfACodeLongAfterItExpired() {
        // Given
        var code = code();
        var refreshToken = redeem(code).refreshToken();
        clock.advance(Duration.ofHours(1));
        code();

        // When
        assertThatThrownBy(() -> redeem(code)).isInstanceOf(OAuthError.class);

        // Then
        assertThatThrownBy(() -> grants.shown(refreshToken, CLIENT)).isInstanceOf(OAuthError.class);
    }

    @Test
    void shouldRefreshUntilTheSignInIsTooLongAgo() {
        // Given
        var first = redeem(code()).refreshToken();
        clock.advance(Sessions.LIFETIME.minusSeconds(1));
        grants.shown(first, CLIENT);
        var second = grants.rotate(first);

        // When
        clock.advance(Duration.ofSeconds(1));

        // Then
        assertThatThrownBy(() -> grants.shown(second, CLIENT)).isInstanceOf(OAuthError.class);
    }

    @Test
    void shouldKeepTheFamilyWhenAnotherClientShowsItsToken() {
        // Given
        var refreshToken = redeem(code()).refreshToken();

        // When
        assertThatThrownBy(() -> grants.shown(refreshToken, "another")).isInstanceOf(OAuthError.class);
        grants.revoke(refreshToken, "another");

        // Then
        assertThat(grants.shown(refreshToken, CLIENT)).isEqualTo(grant);
    }

    @Test
    void shouldForgetWhatIsOfNoUseAnyMore() {
        // Given
        redeem(code());
        code();

        // When
        clock.advance(Sessions.LIFETIME);
        code();

        // Then
        assertThat(store.table("oauth-codes").size()).isEqualTo(1);
        assertThat(store.table("oauth-families").size()).isZero();
        assertThat(store.table("oauth-refresh-tokens").size()).isZero();
    }

    private String code() {
        return grants.code(grant, Oidc.REDIRECT_URI, Oidc.challenge());
    }

    private Grants.Redeemed redeem(String code) {
        return grants.redeem(code, CLIENT, Oidc.REDIRECT_URI, Oidc.VERIFIER);
    }

    private static final class MovableClock extends Clock {

        private Instant now = Instant.parse("2026-03-01T12:00:00Z");

        void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
