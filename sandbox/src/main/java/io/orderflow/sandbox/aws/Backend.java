package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.World;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** A server in this process that speaks one of Amazon's JSON protocols on a loopback port. */
final class Backend {

    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection", "keep-alive", "transfer-encoding", "content-length", "upgrade", "te", "trailer", "expect");

    private final World world;
    private final String target;
    private final HttpClient client;
    private Future<?> ready = Future.failedFuture("Not started");
    private int port;

    /**
     * @param target what the header {@code X-Amz-Target} holds before the dot
     */
    Backend(World world, String target) {
        this.world = world;
        this.target = target;
        // A long poll holds its connection for 20 s. The servers close idle ones after 30 s and more: these are given
        // up before.
        this.client = world.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setMaxPoolSize(1000)
                        .setKeepAliveTimeout(15)
                        .setConnectTimeout(2000));
    }

    /** Runs {@code server}, which tells its port, and then {@code setup}. Calls wait until both are done. */
    Future<Void> start(Callable<Integer> server, Supplier<Future<?>> setup) {
        var started = world.vertx().executeBlocking(server, false).compose(number -> {
            port = number;
            return setup.get();
        });
        ready = started;
        return started.mapEmpty();
    }

    /** Makes calls from now on wait until {@code work} is done. */
    Future<Void> hold(Supplier<Future<?>> work) {
        var held = ready.compose(done -> work.get());
        // What fails here was reported to whoever asked for it; the calls that wait may go on.
        ready = held.recover(failure -> Future.succeededFuture());
        return held.mapEmpty();
    }

    /** The operation that a request asks this server for, if it is one for this server. */
    Optional<String> operation(RoutingContext context) {
        var header = context.request().getHeader("X-Amz-Target");
        return header != null && header.startsWith(target + ".")
                ? Optional.of(header.substring(target.length() + 1))
                : Optional.empty();
    }

    /** The server's answer to {@code call}, byte for byte. */
    Future<Reply> forward(Call call) {
        return whenReady(() -> exchange(call.request().path(), call.request().headers(), Buffer.buffer(call.body())));
    }

    /** Starts {@code work} when the server is ready, and nobody holds it. */
    <T> Future<T> whenReady(Supplier<Future<T>> work) {
        return ready.compose(done -> work.get());
    }

    /**
     * Asks the server for something ourselves, at once.
     *
     * @return the JSON of the answer; fails with a {@link Refused} when the server answers with an error
     */
    Future<JsonNode> ask(String operation, ObjectNode request) {
        var headers = MultiMap.caseInsensitiveMultiMap()
                .add("X-Amz-Target", target + "." + operation)
                .add("Content-Type", "application/x-amz-json-1.0")
                .add(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=SANDBOX/20260101/" + Account.REGION
                                + "/sandbox/aws4_request, SignedHeaders=host, Signature=0");
        return exchange("/", headers, Buffer.buffer(request.toString())).compose(reply -> {
            try {
                var json = Json.read(reply.body());
                return reply.status() == 200
                        ? Future.succeededFuture(json)
                        : Future.failedFuture(new Refused(operation, json));
            } catch (IOException e) {
                return Future.failedFuture(e);
            }
        });
    }

    private Future<Reply> exchange(String path, MultiMap headers, Buffer body) {
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(path)
                .setTimeout(60_000);
        headers.forEach((name, value) -> {
            if (passes(name) && !name.equalsIgnoreCase("host")) {
                options.addHeader(name, value);
            }
        });
        return client.request(options).compose(request -> request.send(body)).compose(response -> response.body()
                .map(bytes -> reply(response, bytes)));
    }

    private static Reply reply(HttpClientResponse response, Buffer body) {
        Map<String, String> headers = new TreeMap<>();
        response.headers().forEach((name, value) -> {
            if (passes(name)) {
                headers.put(name, value);
            }
        });
        return new Reply(response.statusCode(), headers, body.getBytes());
    }

    private static boolean passes(String header) {
        return !HOP_BY_HOP.contains(header.toLowerCase(Locale.ROOT));
    }

    /** The server answered with an error. */
    static final class Refused extends RuntimeException {

        private final String type;

        Refused(String operation, JsonNode error) {
            super(operation + ": " + error);
            this.type = error.path("__type").asText();
        }

        /** Whether the error is {@code name}, whatever the namespace before it. */
        boolean is(String name) {
            return type.endsWith(name);
        }
    }
}
