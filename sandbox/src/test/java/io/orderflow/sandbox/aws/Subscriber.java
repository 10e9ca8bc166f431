package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An HTTP endpoint that remembers what it receives. */
final class Subscriber implements AutoCloseable {

    /** One delivery. Header names are in lower case. */
    record Delivery(Map<String, String> headers, String body) {

        JsonNode json() {
            return RunningAws.json(body);
        }
    }

    private final HttpServer server;
    private final LinkedBlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();

    Subscriber() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::receive);
        server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
        var headers = new TreeMap<String, String>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.getFirst()));
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        deliveries.add(new Delivery(headers, body));
        var status = statuses.poll();
        exchange.sendResponseHeaders(status == null ? 200 : status, -1);
        exchange.close();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/sns";
    }

    /** The next deliveries are answered with these; all after them with 200. */
    void answer(Integer... next) {
        statuses.addAll(java.util.List.of(next));
    }

    /** The next delivery, waited for. */
    Delivery next() {
        try {
            var delivery = deliveries.poll(10, TimeUnit.SECONDS);
            if (delivery == null) {
                throw new AssertionError("Nothing came");
            }
            return delivery;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    int waiting() {
        return deliveries.size();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
