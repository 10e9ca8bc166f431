package io.orderflow.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.CardException;
import com.stripe.exception.StripeException;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between the component and Stripe, and how a route comes to know. */
@Timeout(30)
class StripeFailureTest {

    private static final String INTENTS = "stripe:paymentIntents";
    private static final int SHORT = 300;

    private final String key = FakeStripe.key();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final CountDownLatch over = new CountDownLatch(1);
    private StripeComponent component;
    private FakeStripe stripe;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        stripe = new FakeStripe();
        component = camel.getComponent("stripe", StripeComponent.class);
        component.setApiKey(key);
        component.setApiBase(stripe.url());
        camel.start();
        template = camel.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        over.countDown();
        camel.stop();
        stripe.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, InvalidRequestException",
        "400, idempotency_error, IdempotencyException",
        "401, invalid_request_error, AuthenticationException",
        "402, card_error, CardException",
        "403, invalid_request_error, PermissionException",
        "404, invalid_request_error, InvalidRequestException",
        "409, invalid_request_error, ApiException",
        "429, invalid_request_error, RateLimitException",
        "500, api_error, ApiException",
        "503, api_error, ApiException"
    })
    void shouldFailWithTheExceptionOfStripeJava(int status, String type, String exception) {
        // Given
        stripe.answers(status, """
                {"error": {"type": "%s", "code": "a_code", "message": "What went wrong"}}""".formatted(type));

        // When
        var failure = failure();

        // Then
        assertThat(failure.getClass().getName()).isEqualTo("com.stripe.exception." + exception);
        assertThat(failure).isInstanceOfSatisfying(StripeException.class, e -> {
            assertThat(e.getStatusCode()).isEqualTo(status);
            assertThat(e.getRequestId()).isEqualTo("req_1");
            assertThat(e.getCode()).isEqualTo("a_code");
            assertThat(e.getUserMessage()).isEqualTo("What went wrong");
        });
    }

    @Test
    void shouldTellWhyACardWasDeclined() {
        // Given
        stripe.answers(402, """
                {"error": {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds",
                           "message": "Declined", "payment_intent": {"id": "pi_1", "object": "payment_intent"}}}""");

        // When
        var failure = failure();

        // Then
        assertThat(failure).isInstanceOfSatisfying(CardException.class, e -> {
            assertThat(e.getDeclineCode()).isEqualTo("insufficient_funds");
            assertThat(e.getStripeError().getPaymentIntent().getId()).isEqualTo("pi_1");
        });
    }

    @Test
    void shouldKeepTheHeadersOfAFailure() {
        // Given
        stripe.plays(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "2");
            FakeStripe.answer(exchange, 429, """
                    {"error": {"type": "invalid_request_error", "message": "Too many"}}""");
        });

        // When
        var failure = failure();

        // Then
        assertThat(failure).isInstanceOfSatisfying(StripeException.class, e -> assertThat(
                        e.getStripeError().getLastResponse().headers().firstValue("Retry-After"))
                .hasValue("2"));
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 500, 503})
    void shouldLeaveRepeatingToTheRoute(int status) {
        // Given
        stripe.plays(exchange -> {
            exchange.getResponseHeaders().set("Stripe-Should-Retry", "true");
            FakeStripe.answer(exchange, status, """
                    {"error": {"type": "api_error", "message": "Again"}}""");
        });

        // When
        failure();

        // Then
        assertThat(stripe.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "[\"secret\"]",
                "{\"client_secret\": \"secret\"}",
                "{\"object\": \"payment_intent\", \"client_secret\": \"secret",
                "<html>secret</html>"
            })
    void shouldTakeASuccessThatIsNotFromStripeForALostAnswer(String body) {
        // Given
        stripe.answers(200, body);

        // When
        var failure = failure();

        // Then
        assertThat(failure).isExactlyInstanceOf(ApiConnectionException.class).hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "307, ``",
                "404, `<html>secret</html>`",
                "429, `secret`",
                "500, `{\"error\": \"secret\"}`",
                "500, `{\"error\": [\"secret\"]}`",
                "502, ``",
                "503, `{\"message\": \"secret\"}`"
            })
    void shouldFailWithTheStatusOfAFailureThatIsNotFromStripe(int status, String body) {
        // Given
        stripe.answers(status, body);

        // When
        var failure = failure();

        // Then
        assertThat(failure)
                .isExactlyInstanceOf(ApiException.class)
                .hasMessageNotContaining("secret")
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.getStatusCode()).isEqualTo(status));
    }

    @Test
    void shouldNotTakeTheKeyElsewhereWhenRedirected() throws Exception {
        // Given
        try (var elsewhere = new FakeStripe()) {
            stripe.plays(exchange -> {
                exchange.getResponseHeaders().set("Location", elsewhere.url());
                FakeStripe.answer(exchange, 307, "");
            });

            // When
            var failure = failure();

            // Then
            assertThat(failure).isInstanceOf(ApiException.class);
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void shouldGiveUpOnAnAnswerThatDoesNotCome() {
        // Given
        component.setReadTimeout(SHORT);
        stripe.plays(_ -> await(over));

        // When
        var failure = failure();

        // Then
        assertNotAnswered(failure, SocketTimeoutException.class).hasMessageContaining(SHORT + " ms");
    }

    @Test
    void shouldGiveUpOnAnAnswerThatDripsAndHangUp() throws Exception {
        // Given
        component.setReadTimeout(SHORT);
        var hungUp = new CompletableFuture<IOException>();
        stripe.plays(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                while (!over.await(10, TimeUnit.MILLISECONDS)) {
                    exchange.getResponseBody().write(' ');
                    exchange.getResponseBody().flush();
                }
            } catch (IOException e) {
                hungUp.complete(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        // When
        var failure = failure();

        // Then
        assertNotAnswered(failure, SocketTimeoutException.class).hasMessageContaining(SHORT + " ms");
        assertThat(hungUp).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldNotTakeAnAnswerLargerThanItsLimit() {
        // Given
        stripe.answers(200, "{\"id\": \"" + "x".repeat(StripeHttpClient.MAX_ANSWER_BYTES) + "\"}");

        // When
        var failure = failure();

        // Then
        assertNotAnswered(failure, IOException.class);
    }

    @Test
    void shouldTakeALargeAnswer() {
        // Given
        var padding = "x".repeat(StripeHttpClient.MAX_ANSWER_BYTES - 100);
        stripe.answers(200, "{\"id\": \"pi_1\", \"object\": \"payment_intent\", \"description\": \"" + padding + "\"}");

        // When
        var failure = failure();

        // Then
        assertThat(failure).isNull();
    }

    @Test
    void shouldFailWhenTheAnswerIsLost() {
        // Given
        stripe.plays(HttpExchange::close);

        // When
        var failure = failure();

        // Then
        assertNotAnswered(failure, IOException.class);
        assertThat(stripe.requests()).hasSize(1);
    }

    @Test
    void shouldFailWhenTheAnswerIsCutShort() {
        // Given
        stripe.plays(exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write("{\"object\": \"payment_intent\"}".getBytes());
            exchange.getResponseBody().flush();
            exchange.close();
        });

        // When
        var failure = failure();

        // Then
        assertNotAnswered(failure, IOException.class);
    }

    @Test
    void shouldFailWhenTheConnectionIsReset() throws Exception {
        // Given
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            component.setApiBase(
                    "http://" + listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort());
            var reset = CompletableFuture.runAsync(() -> reset(listener));

            // When
            var failure = failure();

            // Then
            assertNotAnswered(failure, IOException.class);
            assertThat(reset).succeedsWithin(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldFailWhenNobodyListens() throws Exception {
        // Given
        component.setApiBase("http://127.0.0.1:" + freePort());

        // When
        var failure = failure();

        // Then
        assertNotAnswered(failure, ConnectException.class);
    }

    @Test
    void shouldGiveUpConnecting() throws Exception {
        // Given
        component.setConnectTimeout(SHORT);
        var waiting = new ArrayList<Socket>();
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assumeThat(fill(full, waiting)).isTrue();
            component.setApiBase("http://" + full.getInetAddress().getHostAddress() + ":" + full.getLocalPort());

            // When
            var failure = failure();

            // Then
            assertNotAnswered(failure, HttpConnectTimeoutException.class);
        } finally {
            for (var socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void shouldGiveUpWhenInterrupted() throws Exception {
        // Given
        var asked = new CountDownLatch(1);
        stripe.plays(_ -> {
            asked.countDown();
            await(over);
        });
        var failure = new CompletableFuture<Exception>();
        var stillInterrupted = new CompletableFuture<Boolean>();
        var caller = Thread.ofVirtual().start(() -> {
            failure.complete(failure());
            stillInterrupted.complete(Thread.currentThread().isInterrupted());
        });
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

        // When
        caller.interrupt();

        // Then
        assertNotAnswered(failure.get(10, TimeUnit.SECONDS), InterruptedIOException.class);
        assertThat(stillInterrupted).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo(true);
    }

    @Test
    void shouldReuseItsConnection() {
        // When
        IntStream.range(0, 3).forEach(_ -> failure());

        // Then
        assertThat(stripe.requests())
                .extracting(FakeStripe.Request::port)
                .hasSize(3)
                .containsOnly(stripe.requests().getFirst().port());
    }

    @Test
    void shouldServeManyVirtualThreadsAtOnce() {
        // Given
        var calls = 40;
        var together = new CountDownLatch(calls);
        IntStream.range(0, calls)
                .forEach(_ -> stripe.plays(exchange -> {
                    together.countDown();
                    await(together);
                    FakeStripe.answer(exchange);
                }));

        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var failures = IntStream.range(0, calls)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(this::failure, threads))
                    .toList();

            // Then
            assertThat(failures).allSatisfy(failure -> assertThat(failure)
                    .succeedsWithin(20, TimeUnit.SECONDS)
                    .isNull());
        }
    }

    @Test
    void shouldServeAgainAfterARestart() throws Exception {
        // Given
        var endpoint = camel.getEndpoint(INTENTS);
        endpoint.stop();
        endpoint.start();

        // When
        var failure = failure();

        // Then
        assertThat(failure).isNull();
    }

    /** What a route would see of a payment intent's creation; null when it succeeds. */
    private Exception failure() {
        return template.send(INTENTS, exchange -> exchange.getMessage().setBody(Map.of("amount", 1)))
                .getException();
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertNotAnswered(
            Exception failure, Class<? extends IOException> cause) {
        assertThat(failure)
                .isExactlyInstanceOf(ApiConnectionException.class)
                .hasMessageStartingWith("POST " + component.getApiBase() + "/v1/payment_intents was not answered: ")
                .hasMessageNotContaining(key);
        return assertThat(failure).cause().isInstanceOf(cause);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reset(ServerSocket listener) {
        try (var socket = listener.accept()) {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Takes every place in the queue of a listener that never accepts; false where the system gives out ever more. */
    private static boolean fill(ServerSocket listener, ArrayList<Socket> waiting) throws IOException {
        for (var i = 0; i < 20; i++) {
            var socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()), SHORT);
            } catch (SocketTimeoutException e) {
                return true;
            }
        }
        return false;
    }
}
