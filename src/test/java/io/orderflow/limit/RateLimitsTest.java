package io.orderflow.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderflow.testing.SandboxResource;
import io.orderflow.testing.TestScopes;
import io.orderflow.testing.TightLimits;
import io.orderflow.testing.Visitor;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How often one is heard, with the small buckets of {@link TightLimits}. */
@QuarkusTest
@TestProfile(TightLimits.class)
class RateLimitsTest {

    private static final String[] KEY = {"X-API-Key", SandboxResource.API_KEY};
    private static final String[] TESTER = {TestScopes.HEADER, "orders:read"};

    private final Visitor visitor = new Visitor();
    private final Visitor other = new Visitor();

    @AfterEach
    void leave() {
        visitor.close();
        other.close();
    }

    @Test
    void shouldRefuseACallerThatAsksTooOftenAndSayWhenToComeAgain() {
        // When
        var first = visitor.get("/api/orders", KEY);
        var answers = times(15, () -> visitor.get("/api/orders", KEY));
        var refused = answers.stream()
                .filter(answer -> answer.statusCode() == 429)
                .findFirst()
                .orElseThrow();

        // Then
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(header(first, "RateLimit-Policy")).isEqualTo("\"caller\";q=10;w=10");
        assertThat(header(first, "RateLimit")).matches("\"caller\";r=[89];t=[12]");
        assertThat(header(first, "RateLimit-Limit")).isEqualTo("10");
        assertThat(header(first, "RateLimit-Remaining")).matches("[89]");
        assertThat(header(first, "RateLimit-Reset")).matches("[12]");
        assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(header(refused, "Retry-After")).isEqualTo("1");
        assertThat(header(refused, "RateLimit-Remaining")).isEqualTo("0");
        assertThat(Integer.parseInt(header(refused, "RateLimit-Reset"))).isBetween(8, 10);
        assertThat(refused.body()).contains("urn:orderflow:problem:too-many-requests");
        assertThat(other.get("/api/orders", KEY).statusCode())
                .as("from another address it is the same caller")
                .isEqualTo(429);
        assertThat(visitor.get("/api/orders", TESTER).statusCode())
                .as("another caller at the same address")
                .isEqualTo(200);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() ->
                        assertThat(visitor.get("/api/orders", KEY).statusCode()).isEqualTo(200));
    }

    @Test
    void shouldKeepAWebhooksFloodFromCallersAndFromOtherSenders() {
        // When
        var flood = times(50, () -> visitor.post("/webhooks/stripe", "{}"));

        // Then
        assertThat(flood.getFirst().statusCode()).isEqualTo(400);
        assertThat(flood.getLast().statusCode()).isEqualTo(429);
        assertThat(header(flood.getLast(), "RateLimit-Policy")).isEqualTo("\"webhook-sender\";q=10;w=10");
        assertThat(header(flood.getLast(), "Retry-After")).isEqualTo("1");
        assertThat(visitor.post("/webhooks/sendgrid", "[]").statusCode())
                .as("another webhook")
                .isEqualTo(400);
        assertThat(other.post("/webhooks/stripe", "{}").statusCode())
                .as("another sender")
                .isEqualTo(400);
        assertThat(visitor.get("/api/orders").statusCode())
                .as("a caller at the flood's address")
                .isEqualTo(401);
        assertThat(visitor.get("/api/orders", TESTER).statusCode()).isEqualTo(200);
    }

    @Test
    void shouldBoundAWebhookThatIsFloodedFromManyAddresses() {
        // Given
        var senders = IntStream.range(0, 5).mapToObj(i -> new Visitor()).toList();

        // When
        var answers = senders.stream()
                .flatMap(sender -> times(9, () -> sender.post("/webhooks/sns", "{}")).stream())
                .toList();

        // Then
        assertThat(answers.getFirst().statusCode()).isEqualTo(400);
        assertThat(answers.getLast().statusCode()).isEqualTo(429);
        assertThat(header(answers.getLast(), "RateLimit-Policy")).isEqualTo("\"webhook\";q=30;w=30");
        senders.forEach(Visitor::close);
    }

    @Test
    void shouldKeepAnAddressesFloodFromItsWebhooksAndFromOtherAddresses() {
        // When
        var flood = times(70, () -> visitor.get("/api/orders"));

        // Then
        assertThat(flood.getFirst().statusCode()).isEqualTo(401);
        assertThat(flood.getLast().statusCode()).isEqualTo(429);
        assertThat(header(flood.getLast(), "RateLimit-Policy")).isEqualTo("\"address\";q=60;w=60");
        assertThat(visitor.post("/webhooks/sendgrid", "[]").statusCode()).isEqualTo(400);
        assertThat(other.get("/api/orders", TESTER).statusCode()).isEqualTo(200);
    }

    @Test
    void shouldBoundTheGuessingOfKeysWhateverAddressIsForged() {
        // When
        var guesses = IntStream.range(0, 8)
                .mapToObj(i -> visitor.get(
                        "/api/orders",
                        "X-API-Key",
                        "guess-" + i,
                        "X-Forwarded-For",
                        "10.0.0." + i,
                        "Forwarded",
                        "for=10.0.0." + i))
                .map(HttpResponse::statusCode)
                .toList();

        // Then
        assertThat(guesses).startsWith(401, 401).endsWith(429, 429, 429, 429);
        assertThat(visitor.get("/q/health/live", "X-API-Key", "guess").statusCode())
                .as("elsewhere")
                .isEqualTo(429);
        assertThat(visitor.get("/api/orders", TESTER).statusCode())
                .as("who has a right one at the same address")
                .isEqualTo(200);
        assertThat(other.get("/api/orders", "X-API-Key", "guess").statusCode())
                .as("another address")
                .isEqualTo(401);
    }

    @Test
    void shouldCountWhatIsNoWebhookAsEverythingElse() {
        // When
        var flood = IntStream.range(0, 70)
                .mapToObj(i -> visitor.post("/webhooks/" + i, "{}"))
                .toList();
        var keyed = times(15, () -> other.post("/webhooks/stripe/", "{}", "X-API-Key", "guess"));

        // Then
        assertThat(flood.getLast().statusCode()).isEqualTo(429);
        assertThat(header(flood.getLast(), "RateLimit-Policy")).startsWith("\"address\"");
        assertThat(keyed.getLast().statusCode()).isEqualTo(429);
        assertThat(header(keyed.getLast(), "RateLimit-Policy")).startsWith("\"webhook-sender\"");
    }

    @Test
    void shouldTellHealthToWhoeverAsks() {
        // Then
        assertThat(times(100, () -> visitor.get("/q/health/live")))
                .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200));
    }

    private static List<HttpResponse<String>> times(int count, Supplier<HttpResponse<String>> request) {
        return Stream.generate(request).limit(count).toList();
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
