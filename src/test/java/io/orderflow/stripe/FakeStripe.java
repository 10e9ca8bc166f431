package io.orderflow.stripe;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Plays Stripe on a loopback port: gives the answers that it was told, in that order, and keeps what it was asked. */
final class FakeStripe implements AutoCloseable {

    /** @param port the caller's, which is the same as long as the caller keeps its connection */
    record Request(String method, String path, String query, Headers headers, String body, int port) {

        String header(String name) {
            return headers.getFirst(name);
        }

        /** The form in the body, decoded. */
        Map<String, String> form() {
            return decode(body);
        }

        /** The query, decoded. */
        Map<String, String> parameters() {
            return decode(query);
        }

        private static Map<String, String> decode(String form) {
            var fields = new LinkedHashMap<String, String>();
            Arrays.stream(form.split("&")).filter(field -> !field.isEmpty()).forEach(field -> {
                var pair = field.split("=", 2);
                fields.put(
                        URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
            });
            return fields;
        }
    }

    /** What to do instead of answering as one should; the request was kept and read before. */
    interface Play {
        void on(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Play> plays = new ConcurrentLinkedQueue<>();

    FakeStripe() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    /** A key that is good for nothing, another each time. */
    static String key() {
        return String.join("_", "sk", "test", UUID.randomUUID().toString().replace("-", ""));
    }

    String url() {
        return "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort();
    }

    FakeStripe answers(int status, String body) {
        return plays(exchange -> answer(exchange, status, body));
    }

    FakeStripe plays(Play play) {
        plays.add(play);
        return this;
    }

    List<Request> requests() {
        return requests;
    }

    Request request() {
        if (requests.size() != 1) {
            throw new AssertionError("Expected one request, but there were " + requests);
        }
        return requests.getFirst();
    }

    /** With an object of the kind that was asked for. */
    static void answer(HttpExchange exchange) throws IOException {
        var kind = exchange.getRequestURI().getPath().replaceFirst(".*/v1/(\\w+)s(/.*)?$", "$1");
        answer(exchange, 200, "{\"id\": \"obj_1\", \"object\": \"%s\"}".formatted(kind));
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Request-Id", "req_1");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var uri = exchange.getRequestURI();
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    uri.getRawPath(),
                    uri.getRawQuery() == null ? "" : uri.getRawQuery(),
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    exchange.getRemoteAddress().getPort()));
            var play = plays.poll();
            if (play == null) {
                answer(exchange);
            } else {
                play.on(exchange);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
