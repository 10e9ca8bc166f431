package io.orderflow.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.attack.RandomRequests.Request;
import io.orderflow.testing.Api;
import io.orderflow.testing.LogCapture;
import io.orderflow.testing.SandboxResource;
import io.orderflow.testing.TestScopes;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/** Many drawn requests, every answer of which must be one that a caller can do something with. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class RandomRequestsTest {

    private static final Logger LOG = Logger.getLogger(RandomRequestsTest.class);

    private static final int REQUESTS = Integer.getInteger("random.requests", 10_000);
    private static final long SEED = Long.getLong("random.seed", 20260103);
    private static final int AT_ONCE = 8;
    private static final int NO_ANSWER = 999;

    private static final List<String> SECRETS = List.of(
            "STRIPE_SECRET_KEY",
            "STRIPE_WEBHOOK_SECRET",
            "SENDGRID_API_KEY",
            "AWS_SECRET_ACCESS_KEY",
            "ORDERFLOW_BOOTSTRAP_API_KEY",
            "ORDERFLOW_KEY_HASH_SECRET");

    /** A line of a stack trace, or the name of an exception's class. */
    private static final Pattern INNARDS =
            Pattern.compile("\\tat |\\.java:\\d|\\b(java|io|org|com)\\.[a-z.]+\\.[A-Z]\\w*(Exception|Error)");

    private static final String SCOPES = "orders:read,orders:write,payments:write,ops:read,ops:write,keys:write";

    private record Answered(Request request, int status, String text) {}

    @Test
    void shouldAnswerEveryRequestWithoutFailureTraceOrSecret() throws Exception {
        // Given
        var requests = new RandomRequests(SEED);
        var credentials = new Random(SEED);
        var orderIds = Stream.generate(RandomRequestsTest::order).limit(5).toList();
        var answers = new ArrayList<Answered>();

        // When
        String log;
        try (var capture = LogCapture.ofAll();
                var http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                var callers = Executors.newFixedThreadPool(AT_ONCE)) {
            var sent = new ArrayList<Future<Answered>>();
            for (int i = 0; i < REQUESTS; i++) {
                var request = requests.next(orderIds);
                var isKnown = credentials.nextInt(20) > 0;
                sent.add(callers.submit(() -> send(http, request, isKnown)));
            }
            for (var answer : sent) {
                answers.add(answer.get());
            }
            log = capture.text();
        }

        // Then
        var statuses = new TreeMap<Integer, Integer>();
        answers.forEach(answer -> statuses.merge(answer.status, 1, Integer::sum));
        LOG.infof("%d requests of seed %d answered: %s", REQUESTS, SEED, statuses);
        assertThat(answers).filteredOn(answer -> answer.status >= 500).isEmpty();
        assertThat(answers)
                .filteredOn(answer -> INNARDS.matcher(answer.text).find())
                .isEmpty();
        for (var name : SECRETS) {
            var secret = ConfigProvider.getConfig().getValue(name, String.class);
            assertThat(answers)
                    .as(name)
                    .filteredOn(answer -> answer.text.contains(secret))
                    .isEmpty();
            assertThat(log).as(name).doesNotContain(secret);
        }
        // Drawn requests that were all refused would show little.
        assertThat(statuses).containsKeys(200, 201, 400, 401, 404);
    }

    private static String order() {
        return RestAssured.given()
                .header(TestScopes.HEADER, SCOPES)
                .contentType("application/json")
                .body(Api.order("random-" + Api.newKey(), "jane@example.com"))
                .post("/api/orders")
                .jsonPath()
                .getString("id");
    }

    private static Answered send(HttpClient http, Request request, boolean isKnown) throws InterruptedException {
        var answer = sendOnce(http, request, isKnown);
        // The server closes a connection whose request it could not read, after its answer; the next request finds it
        // so.
        return answer.status == NO_ANSWER ? sendOnce(http, request, isKnown) : answer;
    }

    private static Answered sendOnce(HttpClient http, Request request, boolean isKnown) throws InterruptedException {
        var message = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + request.target()))
                .timeout(Duration.ofSeconds(30))
                .method(request.method(), BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach(message::header);
        if (isKnown) {
            message.header(TestScopes.HEADER, SCOPES);
        }
        try {
            var answer = http.send(message.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answered(request, answer.statusCode(), answer.headers().map() + "\n" + answer.body());
        } catch (IOException e) {
            return new Answered(request, NO_ANSWER, e.toString());
        }
    }
}
