package io.orderflow.sandbox.aws;

import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Amazon's DynamoDB Local on a loopback port.
 *
 * <p>Its own runner listens on every interface, and looks after telemetry for longer than everything else takes; so
 * this puts its handlers into a server of our own.
 */
final class DynamoDbServer implements AutoCloseable {

    /** Held here, since the log manager forgets loggers that nobody holds. It tells of every connection. */
    private static final Logger SQLITE_LOG = Logger.getLogger("com.almworks.sqlite4java");

    private final Server server;
    private final ServerConnector connector;
    private final LocalDynamoDBRequestHandler handler;

    /**
     * Starts one that keeps its data in {@code folder}.
     *
     * @throws IOException when it cannot start, for example because it brings no native SQLite for this platform
     */
    static DynamoDbServer start(Path folder) throws IOException {
        SQLITE_LOG.setLevel(Level.WARNING);
        Files.createDirectories(folder);
        try {
            return new DynamoDbServer(folder);
        } catch (Exception | LinkageError e) {
            throw new IOException("DynamoDB Local does not start", e);
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
}
