package io.orderflow.routes;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** A chat room's webhook. */
public final class ChatServer {

    private final HttpServer server;
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile boolean drips;

    private ChatServer(HttpServer server) {
        this.server = server;
    }

    static ChatServer start() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var chat = new ChatServer(server);
        server.createContext("/hooks", exchange -> {
            var message = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (chat.status == 200) {
                chat.messages.add(message);
            }
            if (chat.drips) {
                exchange.sendResponseHeaders(200, 0);
                chat.drip(exchange.getResponseBody());
            } else {
                exchange.sendResponseHeaders(chat.status, -1);
            }
            exchange.close();
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return chat;
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/hooks";
    }

    /** What it answers from now on. */
    void answerWith(int next) {
        status = next;
        drips = false;
    }

    /** Answers with a byte now and then from now on, without an end. */
    void dripAnswers() {
        drips = true;
    }

    private void drip(OutputStream answer) throws IOException {
        while (drips) {
            answer.write(' ');
            answer.flush();
            LockSupport.parkNanos(100_000_000);
        }
    }

    /** The messages that it took for an order. */
    List<String> messagesOf(String orderId) {
        return messages.stream().filter(message -> message.contains(orderId)).toList();
    }

    void stop() {
        server.stop(0);
    }
}
