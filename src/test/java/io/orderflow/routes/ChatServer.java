package io.orderflow.routes;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A chat room's webhook. */
public final class ChatServer {

    private final HttpServer server;
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

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
            exchange.sendResponseHeaders(chat.status, -1);
            exchange.close();
        });
        server.start();
        return chat;
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/hooks";
    }

    /** What it answers from now on. */
    void answerWith(int next) {
        status = next;
    }

    /** The messages that it took for an order. */
    List<String> messagesOf(String orderId) {
        return messages.stream().filter(message -> message.contains(orderId)).toList();
    }

    void stop() {
        server.stop(0);
    }
}
