package io.orderflow.sandbox.aws;

import com.typesafe.config.ConfigFactory;
import io.orderflow.sandbox.Store;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.NodeAddress;
import org.elasticmq.StrictSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.actor.queue.InternalMessage;
import org.elasticmq.msg.CreateQueue;
import org.elasticmq.msg.RestoreMessages;
import org.elasticmq.persistence.CreateQueueMetadata;
import org.elasticmq.rest.sqs.AutoCreateQueuesConfig;
import org.elasticmq.rest.sqs.TheSQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import scala.Option;
import scala.collection.immutable.List$;
import scala.jdk.javaapi.CollectionConverters;
import scala.util.Either;

/**
 * ElasticMQ on a loopback port, with queues and messages kept on disk.
 *
 * <p>Its own runner tells neither the port that it took nor when the stored queues are back; so this puts its actors
 * together itself.
 */
final class SqsServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ActorSystem system;
    private final SqsStorage storage;

    private final int port;

    /**
     * Starts one that keeps its data in {@code folder}.
     *
     * @param address what queue URLs begin with
     * @throws IOException when it cannot start
     */
    static SqsServer start(Path folder, URI address) throws IOException {
        Files.createDirectories(folder);
        var system = ActorSystem.create(
                "sqs", ConfigFactory.parseResources("pekko.conf").withFallback(ConfigFactory.load()));
        try {
            return new SqsServer(system, new SqsStorage(Store.open(folder.resolve("queues.mv.db"))), address);
        } catch (IOException | RuntimeException e) {
            system.terminate();
            throw e;
        }
    }

    private SqsServer(ActorSystem system, SqsStorage storage, URI address) throws IOException {
        this.system = system;
        this.storage = storage;
        var listener = Option.apply(
                system.actorOf(Props.create(SqsStorage.Listener.class, () -> new SqsStorage.Listener(storage))));
        var queues = system.actorOf(Props.create(
                QueueManagerActor.class,
                () -> new QueueManagerActor(new NowProvider(), StrictSQSLimits$.MODULE$, listener)));
        var server = new TheSQSRestServerBuilder(
                        Option.apply(system),
                        Option.apply(queues),
                        "127.0.0.1",
                        0,
                        new NodeAddress(address.getScheme(), address.getHost(), address.getPort(), ""),
                        false,
                        StrictSQSLimits$.MODULE$,
                        Account.REGION,
                        Account.ID,
                        listener,
                        AutoCreateQueuesConfig.disabled())
                .start();
        restore(queues);
        port = server.waitUntilStarted().localAddress().getPort();
    }

    private void restore(ActorRef queues) throws IOException {
        // Sorted so that a queue comes after the one that takes its dead letters.
        var sorted = CreateQueueMetadata.mergePersistedAndBaseQueues(
                CollectionConverters.asScala(storage.queues()).toList(), List$.MODULE$.empty());
        for (var queue : CollectionConverters.asJava(sorted)) {
            var messages = CollectionConverters.asScala(messages(queue.name())).toList();
            var made = (Either<?, ?>) await(Patterns.ask(queues, new CreateQueue(queue.toCreateQueueData()), PATIENCE));
            if (made.isLeft()) {
                throw new IOException("The queue " + queue.name() + " does not come back: " + made);
            }
            await(Patterns.ask((ActorRef) made.toOption().get(), new RestoreMessages(messages), PATIENCE));
        }
    }

    int port() {
        return port;
    }

    /** The messages of {@code queue} as they are stored, oldest first, none of them received by this. */
    List<InternalMessage> messages(String queue) {
        return storage.messages(queue).stream()
                .sorted(Comparator.comparing(InternalMessage::created)
                        .thenComparing(message -> message.sequenceNumber().getOrElse(() -> "")))
                .toList();
    }

    /** Removes what is stored for {@code queue}: a purge leaves it there, to come back with a restart. */
    void forget(String queue) {
        storage.forget(queue);
    }

    @Override
    public void close() {
        try {
            // Not the server first: that would wait for every long poll to end.
            system.terminate();
            await(system.getWhenTerminated());
        } catch (IOException e) {
            throw new IllegalStateException("ElasticMQ does not stop", e);
        } finally {
            storage.close();
        }
    }

    private static <T> T await(CompletionStage<T> stage) throws IOException {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }
}
