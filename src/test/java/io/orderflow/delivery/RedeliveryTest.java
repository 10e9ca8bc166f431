package io.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.domain.Action;
import io.orderflow.domain.Claim;
import io.orderflow.domain.DeadLetterRules;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Order;
import io.orderflow.domain.Orders;
import io.orderflow.domain.Outcome;
import io.orderflow.domain.Task;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a delivery that failed is due again. The tests' time scale is a tenth. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class RedeliveryTest {

    @Inject
    Redelivery redelivery;

    private static final Exception DOWN = new HttpOperationFailedException("http://x", 503, "", null, Map.of(), "Down");

    @ParameterizedTest
    @CsvSource({"0, 3000", "1, 6000", "2, 12000", "5, 96000", "30, 2160000"})
    void shouldWaitTwiceAsLongEachTimeUpToSixHours(int failures, long millis) {
        // When
        var outcome = redelivery.failed(eventAfter(failures), "sendgrid", DOWN);

        // Then
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Parked.class, parked -> assertThat(
                        Duration.between(Instant.now(), parked.nextAt()).toMillis())
                .isBetween((long) (millis * 0.75), (long) (millis * 1.25)));
    }

    @Test
    void shouldGiveUpWhenTheAttemptsAreUsedUp() {
        // When
        var outcome = redelivery.failed(eventAfter(39), "sendgrid", DOWN);

        // Then
        assertThat(outcome).isEqualTo(new Outcome.Buried("http-503", "503 Down", Outcome.End.EXHAUSTED));
    }

    @Test
    void shouldGiveUpWhenTheEventIsTooOld() {
        // Given
        var old = Instant.now().minus(Duration.ofDays(1));

        // When
        var outcome = redelivery.failed(event(order(old)), "sendgrid", DOWN);

        // Then
        assertThat(outcome).isInstanceOf(Outcome.Buried.class);
    }

    @Test
    void shouldBePatientAgainWithWhatAPersonReplays() {
        // Given
        var buried = order(Instant.now().minus(Duration.ofDays(1)));
        var task = new Task(buried.events().getFirst().id(), "sendgrid");
        for (int i = 0; i < 40; i++) {
            buried = settled(
                    buried,
                    i < 39
                            ? new Outcome.Parked("http-503", "Down", buried.createdAt(), false)
                            : new Outcome.Buried("http-503", "Down", Outcome.End.EXHAUSTED));
        }
        var action = new Action(
                "a", Action.Kind.REPLAYED, Instant.now(), "shop", "Why", task.eventId(), "sendgrid", Map.of());
        var replayed = event(DeadLetterRules.replayed(buried, action));

        // When
        var failed = redelivery.failed(replayed, "sendgrid", DOWN);
        var keptBack = redelivery.keptBack(replayed, "sendgrid", new IOException("The breaker is open"));

        // Then
        assertThat(failed).isInstanceOfSatisfying(Outcome.Parked.class, parked -> assertThat(
                        Duration.between(Instant.now(), parked.nextAt()).toMillis())
                .isBetween(2000L, 4000L));
        assertThat(keptBack).isInstanceOf(Outcome.KeptBack.class);
    }

    @Test
    void shouldWaitAsLongAsTheThirdPartyAsks() {
        // Given
        var busy = new HttpOperationFailedException("http://x", 429, "", null, Map.of("Retry-After", "600"), "Busy");

        // When
        var outcome = redelivery.failed(eventAfter(0), "sendgrid", busy);

        // Then
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Parked.class, parked -> assertThat(parked.nextAt())
                .isAfter(Instant.now().plusSeconds(590)));
    }

    @Test
    void shouldNotUseUpAnAttemptForACallThatWasKeptBack() {
        // When
        var outcome = redelivery.keptBack(eventAfter(0), "sendgrid", new IOException("The breaker is open"));

        // Then
        assertThat(outcome).isInstanceOfSatisfying(Outcome.KeptBack.class, keptBack -> assertThat(keptBack.nextAt())
                .isBefore(Instant.now().plusSeconds(1)));
    }

    @Test
    void shouldGiveUpEvenWhatWasKeptBackWhenItIsTooOld() {
        // Given
        var old = Instant.now().minus(Duration.ofDays(1));

        // When
        var outcome = redelivery.keptBack(event(order(old)), "sendgrid", new IOException("The breaker is open"));

        // Then
        assertThat(outcome).isInstanceOf(Outcome.Buried.class);
    }

    @Test
    void shouldTryAgainAtOnceTwiceAndThenPark() {
        // Given
        var event = eventAfter(0);
        var now = Instant.now();
        var task = new Task(event.event().id(), "sendgrid");
        var work = new Work(event.order(), List.of(task), now.plusSeconds(60), now.plusSeconds(60));

        // Then
        assertThat(redelivery.again(work, "sendgrid", event, DOWN, new HashMap<>()))
                .isTrue();
        assertThat(redelivery.again(work, "sendgrid", event, DOWN, new HashMap<>()))
                .isTrue();
        assertThat(redelivery.again(work, "sendgrid", event, DOWN, new HashMap<>()))
                .isFalse();
        assertThat(redelivery.again(work, "sns", event, DOWN, new HashMap<>())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, true", "2, true", "3, false", "60, false"})
    void shouldWaitAsLongAsItIsAskedToAndParkWhatTakesLonger(int seconds, boolean isAgain) {
        // Given
        var event = eventAfter(0);
        var now = Instant.now();
        var work = new Work(
                event.order(),
                List.of(new Task(event.event().id(), "sendgrid")),
                now.plusSeconds(60),
                now.plusSeconds(60));
        var busy = new HttpOperationFailedException(
                "http://x", 429, "", null, Map.of("Retry-After", String.valueOf(seconds)), "Busy");
        var headers = new HashMap<String, Object>();

        // Then
        assertThat(redelivery.again(work, "sendgrid", event, busy, headers)).isEqualTo(isAgain);
        assertThat(headers.get(Exchange.REDELIVERY_DELAY)).isEqualTo(seconds * 1000L);
        assertThat(redelivery.again(work, "sendgrid", event, DOWN, headers)).isTrue();
        assertThat(headers).isEmpty();
    }

    private static OrderEvent eventAfter(int failures) {
        var order = order(Instant.now());
        for (int i = 0; i < failures; i++) {
            order = settled(order, new Outcome.Parked("http-503", "Down", order.createdAt(), false));
        }
        return event(order);
    }

    private static Order settled(Order order, Outcome outcome) {
        var now = order.createdAt();
        var claimed = DeliveryRules.claim(
                        order, Orders.SUBSCRIPTIONS, "sendgrid"::equals, new Claim("t", now.plusSeconds(60)), now)
                .orElseThrow();
        var task = new Task(order.events().getFirst().id(), "sendgrid");
        return DeliveryRules.settle(claimed.order(), "t", Map.of(task, outcome), Orders.SUBSCRIPTIONS, now);
    }

    private static Order order(Instant at) {
        return Order.accepted("0f8fad5b-d9cb-469f-a165-70867728950e", "shop", "fingerprint", Orders.details(), at);
    }

    private static OrderEvent event(Order order) {
        return new OrderEvent(order.events().getFirst(), order);
    }
}
