package io.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class BreakersTest {

    @Inject
    Breakers breakers;

    @Test
    void shouldHearOfTheCallsOfTheRoutes() {
        // Given
        var heard = new ConcurrentSkipListSet<String>();
        var names = List.of("stripe-payment-intents", "sendgrid", "sns", "order-queue");
        names.forEach(name ->
                breakers.breaker(name).getEventPublisher().onSuccess(call -> heard.add(call.getCircuitBreakerName())));

        // When
        Api.place(Api.order());

        // Then
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(heard).containsAll(names));
    }

    @Test
    void shouldOpenAfterTenFailures() {
        // When
        var breaker = failing("a", failure(503));

        // Then
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
    }

    @Test
    void shouldStayClosedWhenTheOtherRefusesForGood() {
        // When
        var breaker = failing("b", failure(400));

        // Then
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void shouldStayClosedWhenTheCallsWereNotMade() {
        // When
        var full = failing("c", BulkheadFullException.createBulkheadFullException(Bulkhead.ofDefaults("full")));
        var wrong = failing("d", new IllegalArgumentException("No such method"));

        // Then
        assertThat(full.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(wrong.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void shouldBeTheSameWhenARouteFileIsLoadedAgain() {
        // Then
        assertThat(breakers.breaker("e")).isSameAs(breakers.breaker("e"));
    }

    private CircuitBreaker failing(String name, Exception failure) {
        var breaker = breakers.breaker("test-" + name);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> breaker.executeCallable(() -> {
                        throw failure;
                    }))
                    .isSameAs(failure);
        }
        return breaker;
    }

    private static Exception failure(int status) {
        return new HttpOperationFailedException("http://x", status, "", null, Map.of(), "");
    }
}
