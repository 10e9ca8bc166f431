package io.orderflow.sandbox.aws;

import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Amazon's DynamoDB Local on a loopback port.
 *
 * <p>Its own runner listens on every interface, and looks after telemetry for longer than everything else takes; so this
 * puts its handlers into a server of our own.
 */
final class DynamoDbServer implements AutoCloseable {

    /** Held here, since the log manager forgets loggers that nobody holds. It tells of every connection. */
    private static final Logger SQLITE_LOG = Logger.getLogger("com.almworks.sqlite4java");

    private static final String LIBRARY_PATH = "sqlite4java.library.path";

    private final Server server;
    private final ServerConnector connector;
    private final LocalDynamoDBRequestHandler handler;

    /**
     * Starts one that keeps its data in {@code folder}.
     *
     * @throws IOException when it cannot start, for example because there is no native SQLite for this platform
     */
    static DynamoDbServer start(Path folder) throws IOException {
        SQLITE_LOG.setLevel(Level.WARNING);
        if (System.getProperty(LIBRARY_PATH) == null) {
            nativeLibraries().ifPresent(found -> System.setProperty(LIBRARY_PATH, found.toString()));
        }
        Files.createDirectories(folder);
        try {
            return new DynamoDbServer(folder);
        } catch (Exception | LinkageError e) {
            throw new IOException(
                    "DynamoDB Local does not start. It needs sqlite4java for " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + "; -D" + LIBRARY_PATH
                            + " names the folder that holds it.",
                    e);
        }
    }

    private DynamoDbServer(Path folder) throws Exception {
        handler = new LocalDynamoDBRequestHandler(0, false, folder.toString(), true, false);
        server = new Server(new QueuedThreadPool(64, 4));
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory());
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new LocalDynamoDBServerHandler(handler, null));
        server.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local does not stop", e);
        } finally {
            handler.shutdown();
        }
    }

    /** The folder of the native SQLite: beside its jar when this runs from a jar, {@code target/lib} when it does not. */
    private static java.util.Optional<Path> nativeLibraries() {
        return Stream.of(
                        folderOf(LocalDynamoDBRequestHandler.class),
                        folderOf(DynamoDbServer.class).resolve("lib"))
                .filter(DynamoDbServer::holdsNativeLibraries)
                .findFirst();
    }

    private static Path folderOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("No folder holds " + type, e);
        }
    }

    private static boolean holdsNativeLibraries(Path folder) {
        try (var files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("libsqlite4java-"));
        } catch (IOException e) {
            return false;
        }
    }
}
