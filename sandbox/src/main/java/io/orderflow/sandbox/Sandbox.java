package io.orderflow.sandbox;

import io.orderflow.sandbox.aws.CloudWatch;
import io.orderflow.sandbox.aws.DynamoDb;
import io.orderflow.sandbox.aws.SecretsManager;
import io.orderflow.sandbox.aws.Sns;
import io.orderflow.sandbox.aws.Sqs;
import io.orderflow.sandbox.google.Google;
import io.orderflow.sandbox.oauth.OAuthIssuer;
import io.orderflow.sandbox.sendgrid.SendGrid;
import io.orderflow.sandbox.stripe.StripeService;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * The sandbox as a process:
 *
 * <pre>java @java.args -jar target/sandbox.jar
 *     [--port 8099] [--data .data/sandbox] [--app http://localhost:8080] [--time-scale 1]</pre>
 *
 * <p>Without {@code java.args} the start is slower and the JVM says more. Port 0 takes any free port. When all is
 * ready, {@code GET /sandbox/health} answers 200 and {@code DATA/app.env} holds the environment with which Orderflow
 * uses this sandbox.
 */
public final class Sandbox implements AutoCloseable {

    private final Vertx vertx;
    private final Store store;
    private final World world;
    private final Webhooks webhooks;
    private final List<Service> services = new ArrayList<>();
    private Future<?> started = Future.succeededFuture();
    private volatile boolean ready;

    private Sandbox(World.Settings settings) {
        // One event loop is what lets the services do without locks.
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        store = Store.open(settings.data().resolve("sandbox.mv.db"));
        var clock = Clock.systemUTC();
        world = new World(vertx, store, new Faults(clock), new Calls(), settings, clock);
        webhooks = new Webhooks(world);
    }

    /**
     * Starts a sandbox and waits until every service answers.
     *
     * @param settings with the port to listen on in {@code base}; 0 for any free one
     * @throws BindException when the port is taken
     */
    public static Sandbox start(World.Settings settings) throws IOException {
        Files.createDirectories(settings.data());
        var sandbox = new Sandbox(withFreePort(settings));
        try {
            sandbox.open();
            return sandbox;
        } catch (IOException | RuntimeException e) {
            sandbox.close();
            throw e;
        }
    }

    private List<Service> services() {
        var sqs = new Sqs(world);
        var all = new ArrayList<Service>();
        all.add(new DynamoDb(world));
        all.add(sqs);
        all.add(new Sns(world, webhooks, sqs));
        all.add(new CloudWatch(world));
        all.add(new SecretsManager(world));
        all.add(new StripeService(world, webhooks));
        all.add(new SendGrid(world, webhooks));
        all.addAll(Google.services(world));
        all.add(new OAuthIssuer(world));
        return all;
    }

    private static World.Settings withFreePort(World.Settings settings) throws IOException {
        // The port goes into credentials and environment files, so it must be known before anything is made.
        try (var probe = new ServerSocket(settings.base().getPort(), 1, InetAddress.getLoopbackAddress())) {
            var base = URI.create("http://localhost:" + probe.getLocalPort());
            return new World.Settings(base, settings.app(), settings.data(), settings.timeScale());
        }
    }

    private void open() throws IOException {
        services.addAll(services());
        started = Future.join(services.stream().map(Service::start).toList());
        var router = Router.router(vertx);
        router.get().handler(context -> {
            // Some clients name a form's content type on a GET too, which the body handler takes amiss.
            context.request().headers().remove("Content-Type");
            context.next();
        });
        router.route().handler(context -> {
            var headers = context.request().headers();
            // What is compressed is no form yet; the body handler would refuse it as a broken one.
            if (headers.contains("Content-Encoding")) {
                headers.remove("Content-Type");
            }
            context.next();
        });
        router.route().handler(BodyHandler.create(false).setBodyLimit(32 * 1024 * 1024));
        for (var service : services) {
            service.mount(new Endpoints(world, service, router));
        }
        new Control(world, webhooks, services, () -> ready).mount(router);
        var options = new HttpServerOptions()
                .setHost("localhost")
                .setPort(world.settings().base().getPort())
                .setMaxHeaderSize(64 * 1024)
                .setMaxFormAttributeSize(-1)
                .setMaxFormFields(-1);
        await(vertx.createHttpServer(options).requestHandler(router).listen());
        await(started);
        writeEnvironment();
        ready = true;
        vertx.runOnContext(start -> webhooks.resume());
    }

    private void writeEnvironment() throws IOException {
        var lines = new StringBuilder();
        environment()
                .forEach((name, value) ->
                        lines.append(name).append('=').append(value).append('\n'));
        var file = world.settings().data().resolve("app.env");
        var fresh = Files.writeString(file.resolveSibling("app.env.new"), lines);
        Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    /** The environment with which Orderflow uses this sandbox. */
    public Map<String, String> environment() {
        var all = new TreeMap<>(new AppSecrets(store).environment());
        // In production Orderflow refuses what follows.
        all.put("ORDERFLOW_ENVIRONMENT", "sandbox");
        services.forEach(service -> all.putAll(service.environment()));
        return all;
    }

    public URI base() {
        return world.settings().base();
    }

    @Override
    public void close() {
        // What is still starting can only be closed when it has; a failure was told to whoever started it.
        await(started.otherwiseEmpty());
        // Then callers go first: they would see the services end one after the other.
        await(vertx.close());
        try (var closing = Executors.newVirtualThreadPerTaskExecutor()) {
            services.forEach(service -> closing.execute(service::close));
        }
        store.close();
    }

    private static <T> T await(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new UncheckedIOException(new IOException(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while starting", e);
        }
    }

    public static void main(String[] arguments) {
        var options = new TreeMap<>(Map.of(
                "--port", "8099", "--data", ".data/sandbox", "--app", "http://localhost:8080", "--time-scale", "1"));
        for (int i = 0; i < arguments.length; i += 2) {
            if (!options.containsKey(arguments[i]) || i + 1 == arguments.length) {
                System.err.println("sandbox: " + arguments[i] + " is not one of " + options.keySet()
                        + ", or has no value behind it");
                System.exit(2);
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        var settings = new World.Settings(
                URI.create("http://localhost:" + options.get("--port")),
                URI.create(options.get("--app")),
                Path.of(options.get("--data")).toAbsolutePath(),
                Double.parseDouble(options.get("--time-scale")));
        try {
            var sandbox = start(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close));
            System.out.println("Sandbox ready at " + sandbox.base());
        } catch (BindException e) {
            System.err.println("sandbox: port " + options.get("--port") + " is in use; end what listens there");
            System.exit(1);
        } catch (IOException | RuntimeException e) {
            System.err.println("sandbox: it does not start");
            e.printStackTrace();
            System.exit(1);
        }
    }
}
