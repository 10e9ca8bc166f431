package io.orderflow.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderflow.testing.SandboxResource;
import io.orderflow.testing.TestScopes;
import io.orderflow.testing.TightLimits;
import io.orderflow.testing.Visitor;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the HTTP layer refuses by itself, each with a problem that says why, and what it tells browsers. */
@QuarkusTest
@TestProfile(TightLimits.class)
class HttpLimitsTest {

    private static final AtomicInteger LAST_ADDRESS = new AtomicInteger(10);
    private static final String HEAD = "Host: localhost\r\n" + TestScopes.HEADER
            + ": orders:read,orders:write\r\nContent-Type: application/json\r\n";
    private static final Duration LONGER_THAN_A_BODY_MAY_TAKE = Duration.ofSeconds(4);
    private static final int PATIENCE = 15_000;

    private final Visitor visitor = new Visitor();

    @AfterEach
    void leave() {
        visitor.close();
    }

    @ParameterizedTest
    @CsvSource({"/api/orders, At most 64 KiB", "/webhooks/stripe, At most 1024 KiB"})
    void shouldRefuseABodyThatTurnsOutTooLarge(String path, String detail) throws Exception {
        // Given
        var size = 1_100_000;
        try (var socket = connect()) {
            // When
            write(socket, "POST " + path + " HTTP/1.1\r\n" + HEAD + "Transfer-Encoding: chunked\r\n\r\n");
            write(socket, Integer.toHexString(size) + "\r\n" + "x".repeat(size) + "\r\n0\r\n\r\n");

            // Then
            assertThat(read(socket)).startsWith("HTTP/1.1 413").contains("urn:orderflow:problem:too-large", detail);
        }
    }

    @Test
    void shouldEndABodyThatStands() throws Exception {
        // Given
        try (var socket = connect()) {
            // When
            write(socket, "POST /webhooks/stripe HTTP/1.1\r\n" + HEAD + "Content-Length: 100\r\n\r\n{");
            var answer = readToEnd(socket);

            // Then
            assertThat(answer).startsWith("HTTP/1.1 408").contains("within 2 seconds");
        }
    }

    /** A byte now and then, without end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/orders HTTP/1.1\r\nX: ",
                "POST /webhooks/stripe HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n",
                // This one has its answer, 401, at once.
                "POST /api/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n"
            })
    void shouldCloseTheConnectionOfWhoeverDrips(String beginning) throws Exception {
        // Given
        try (var socket = connect()) {
            write(socket, beginning);

            // Then
            await().atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> !canWrite(socket));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/orders?limit=%zz", "/api/orders?limit=%", "/api/orders/%zz", "/api/orders?a=\"<>"})
    void shouldRefuseWhatIsNoUrl(String target) throws Exception {
        // Given
        try (var socket = connect()) {
            // When
            write(socket, "GET " + target + " HTTP/1.1\r\n" + HEAD + "\r\n");

            // Then
            assertThat(read(socket))
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json", "urn:orderflow:problem:malformed-url");
        }
    }

    @Test
    void shouldRefuseAUrlThatIsTooLong() {
        // When
        var answer = visitor.get("/api/orders?cursor=" + "x".repeat(9_000));

        // Then
        assertThat(answer.statusCode()).isEqualTo(414);
        assertThat(answer.body()).contains("8192 characters");
    }

    @Test
    void shouldRefuseHeadersThatAreTooManyOrTooLarge() throws Exception {
        // Given
        try (var socket = connect()) {
            // When
            write(socket, "GET /api/orders HTTP/1.1\r\n" + HEAD + "X: 1\r\n".repeat(100) + "\r\n");

            // Then
            assertThat(read(socket)).startsWith("HTTP/1.1 431").contains("100 header fields");
        }
        assertThat(visitor.get("/api/orders", "X", "x".repeat(17_000)).statusCode())
                .isEqualTo(431);
    }

    @Test
    void shouldRefuseDeeplyNestedJsonOfCallersAndOfThirdParties() {
        // Given
        var deep = "{\"items\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";

        // Then
        assertThat(visitor.post("/api/orders", deep, TestScopes.HEADER, "orders:write")
                        .body())
                .contains("\"status\":400", "nested more than 20 levels deep");
        assertThat(visitor.post("/webhooks/sns", deep).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/orders",
                "/api/nothing",
                "/q/health",
                "/q/openapi",
                "/webhooks/stripe",
                "/q/swagger-ui/",
                "/?"
            })
    void shouldTellBrowsersWhatNotToDo(String path) {
        // When
        var answer = visitor.get(path);

        // Then
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "X-Frame-Options")).isEqualTo("DENY");
        assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(header(answer, "Permissions-Policy")).contains("camera=()");
        assertThat(header(answer, "Content-Security-Policy"))
                .startsWith("default-src 'none'; ")
                .contains("frame-ancestors 'none'");
        if (!path.startsWith("/q/swagger-ui")) {
            assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
            assertThat(header(answer, "Content-Security-Policy")).doesNotContain("unsafe");
        }
        assertThat(header(answer, "Strict-Transport-Security")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/orders", "/q/health", "/q/swagger-ui/", "/q/nothing"})
    void shouldNotSayWhatItIsMadeOf(String path) {
        // When
        var answer = visitor.get(path);

        // Then
        assertThat(answer.headers().map()).doesNotContainKeys("server", "x-powered-by", "via");
        assertThat(answer.body()).doesNotContainIgnoringCase("Powered by").doesNotContain("Quarkus 3");
    }

    @Test
    void shouldLetScriptsOfTheConfiguredOriginIn() throws Exception {
        // When
        var preflight = preflight(TightLimits.ORIGIN);
        var answer = visitor.get("/api/orders", "Origin", TightLimits.ORIGIN, "X-API-Key", SandboxResource.API_KEY);

        // Then
        assertThat(preflight)
                .startsWith("HTTP/1.1 204")
                .containsIgnoringCase("access-control-allow-origin: " + TightLimits.ORIGIN)
                .containsIgnoringCase("Vary: Origin")
                .contains("X-API-Key", "Authorization", "Idempotency-Key", "If-Match", "PATCH", "DELETE");
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(TightLimits.ORIGIN);
        assertThat(header(answer, "Access-Control-Expose-Headers"))
                .contains("ETag", "Location", "Retry-After", "RateLimit");
        assertThat(header(answer, "Access-Control-Allow-Credentials")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com",
                "http://shop.example.com",
                "https://shop.example.com.evil.example",
                "null"
            })
    void shouldTellScriptsOfOtherOriginsNothing(String origin) throws Exception {
        // Then
        assertThat(preflight(origin)).startsWith("HTTP/1.1 401").doesNotContainIgnoringCase("access-control-");
        assertThat(visitor.get("/api/orders", "Origin", origin).headers().map().keySet())
                .noneMatch(name -> name.startsWith("access-control-"));
    }

    /** An answer that comes before the body is all here does not spoil the connection for what comes next. */
    @Test
    void shouldKeepAConnectionWhoseBodyNobodyRead() throws Exception {
        // Given
        var refused =
                "POST /api/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n" + "x".repeat(60_000);
        try (var socket = connect()) {
            write(socket, refused);
            read(socket);

            // Then
            await().during(LONGER_THAN_A_BODY_MAY_TAKE)
                    .atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> {
                        write(socket, "GET /q/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
                        assertThat(read(socket)).startsWith("HTTP/1.1 200");
                    });
        }
    }

    private static String preflight(String origin) throws IOException {
        try (var socket = connect()) {
            write(
                    socket,
                    "OPTIONS /api/orders HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin
                            + "\r\nAccess-Control-Request-Method: PATCH\r\n"
                            + "Access-Control-Request-Headers: x-api-key,if-match\r\n\r\n");
            return read(socket);
        }
    }

    private static Socket connect() throws IOException {
        var port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
        var socket = new Socket(
                InetAddress.getByName("127.0.0.1"),
                port,
                InetAddress.getByName("127.0.1." + LAST_ADDRESS.incrementAndGet()),
                0);
        socket.setSoTimeout(PATIENCE);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static boolean canWrite(Socket socket) {
        try {
            write(socket, "x");
            return true;
        } catch (SocketException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The head of an answer and, when it says how long it is, its body. */
    private static String read(Socket socket) throws IOException {
        var answer = new StringBuilder();
        var in = socket.getInputStream();
        while (answer.indexOf("\r\n\r\n") < 0) {
            answer.append((char) in.read());
        }
        var length = Pattern.compile("(?i)content-length: (\\d+)").matcher(answer);
        if (length.find()) {
            answer.append(new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8));
        }
        return answer.toString();
    }

    private static String readToEnd(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
