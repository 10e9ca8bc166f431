package io.orderflow.sheet;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.google.api.client.http.GenericUrl;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BoundedTransportTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n";

    private final ScheduledExecutorService dripping = Executors.newSingleThreadScheduledExecutor();
    private ServerSocket server;

    @BeforeEach
    void setUp() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void tearDown() throws IOException {
        dripping.shutdownNow();
        server.close();
    }

    @Test
    void shouldBreakOffAnAnswerThatDripsIn() throws IOException {
        // Given
        Thread.ofVirtual().start(this::answerByteByByte);
        var request = BoundedTransport.of(Duration.ofMillis(300))
                .createRequestFactory()
                .buildGetRequest(new GenericUrl("http://localhost:" + server.getLocalPort()))
                .setReadTimeout(10_000);

        // Then
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertThatThrownBy(
                        () -> request.execute().parseAsString())
                .isInstanceOf(IOException.class));
    }

    private void answerByteByByte() {
        try {
            var out = server.accept().getOutputStream();
            out.write(HEAD.getBytes(StandardCharsets.US_ASCII));
            dripping.scheduleAtFixedRate(() -> drip(out), 0, 20, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void drip(OutputStream out) {
        try {
            out.write('x');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
