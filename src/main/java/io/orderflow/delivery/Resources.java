package io.orderflow.delivery;

import io.orderflow.ledger.AwsConfig;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What the routes of the worker run on. */
@ApplicationScoped
class Resources {

    /** In bytes. */
    private static final int LONGEST_ANSWER = 1024 * 1024;

    /** The SQS client of whoever takes from a queue: a long poll lasts as long as it says. */
    @Produces
    @ApplicationScoped
    @Unremovable
    @Named("queueReader")
    SqsClient queueReader() {
        return SqsClient.builder()
                .httpClientBuilder(ApacheHttpClient.builder().maxConnections(50))
                .build();
    }

    /** The SQS client of whoever sends to a queue. It gives up soon: what is not sent, the ledger still owes. */
    @Produces
    @ApplicationScoped
    @Unremovable
    @Named("queueWriter")
    SqsClient queueWriter(DeliveryConfig config) {
        return SqsClient.builder()
                .httpClientBuilder(ApacheHttpClient.builder().maxConnections(50))
                .overrideConfiguration(client ->
                        client.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(config.queueTimeout()))
                .build();
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("orderEventsQueueUrl")
    static String orderEventsQueueUrl(AwsConfig config, @Named("queueReader") SqsClient sqs) {
        return queueUrl(config.orderEventsQueue(), sqs);
    }

    @Produces
    @Singleton
    @Unremovable
    @Named("deadLetterQueueUrl")
    static String deadLetterQueueUrl(AwsConfig config, @Named("queueReader") SqsClient sqs) {
        return queueUrl(config.deadLetterQueue(), sqs);
    }

    /** A queue that is given by its URL need not be asked for: then the app starts while SQS is away. */
    private static String queueUrl(String queue, SqsClient sqs) {
        if (queue.contains("://")) {
            return queue;
        }
        var arn = queue.split(":");
        return sqs.getQueueUrl(request ->
                        request.queueName(arn[arn.length - 1]).queueOwnerAWSAccountId(arn.length == 6 ? arn[4] : null))
                .queueUrl();
    }

    /**
     * The SNS client, without retries of its own: whether a publish whose answer was lost is repeated is the error
     * policy's to say.
     */
    @Produces
    @ApplicationScoped
    @Unremovable
    SnsClient sns(DeliveryConfig config) {
        return SnsClient.builder()
                .httpClientBuilder(ApacheHttpClient.builder().maxConnections(50))
                .overrideConfiguration(client ->
                        client.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(config.snsTimeout()))
                .build();
    }

    /**
     * Makes Camel's HTTP clients send each request once, for the same reason, and bounds the whole of a call: their own
     * timeouts start again with every byte that is read.
     */
    @Produces
    @Singleton
    @Named("boundedHttp")
    HttpClientConfigurer boundedHttp(DeliveryConfig config) {
        var timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("http-deadline").factory());
        return client -> client.disableAutomaticRetries()
                .addExecInterceptorFirst("deadline", (request, scope, chain) -> {
                    if (scope.originalRequest instanceof Cancellable call) {
                        timer.schedule(call::cancel, config.httpTimeout().toMillis(), TimeUnit.MILLISECONDS);
                    }
                    return bounded(chain.proceed(request, scope), scope);
                });
    }

    /** An answer of any length would be read into memory; what is longer is cut off, and its connection given up. */
    private static ClassicHttpResponse bounded(ClassicHttpResponse response, ExecChain.Scope scope) throws IOException {
        var entity = response.getEntity();
        if (entity == null) {
            return response;
        }
        var content = entity.getContent();
        var start = content.readNBytes(LONGEST_ANSWER);
        if (start.length == LONGEST_ANSWER) {
            scope.execRuntime.discardEndpoint();
        } else {
            content.close();
        }
        response.setEntity(new ByteArrayEntity(
                start, ContentType.parseLenient(entity.getContentType()), entity.getContentEncoding()));
        return response;
    }

    /**
     * Where each integration's route runs: a thread of its own, so that no slow one can take another's. How many run at
     * once, each integration's bulkhead says.
     */
    @Produces
    @Singleton
    @Named("integrations")
    ExecutorService integrations() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("integration-", 0).factory());
    }

    /**
     * Where orders from the queue are worked: so many at once and no more; then the poller works one itself, and takes
     * nothing new from the queue meanwhile.
     */
    @Produces
    @Singleton
    @Named("workerPool")
    ExecutorService worker(@ConfigProperty(name = "orderflow.worker.threads") int threads) {
        return new ThreadPoolExecutor(
                threads,
                threads,
                1,
                TimeUnit.MINUTES,
                new SynchronousQueue<>(),
                Thread.ofVirtual().name("worker-", 0).factory(),
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    /**
     * Where orders that were found due are claimed: so many at once, so that a backlog leaves the ledger's connections to
     * the callers. The rest waits here; see {@link DueOrders#find}. From the claim on an order is worked on
     * {@link #integrations}: how many of those there are at once, the integrations' bulkheads bound.
     */
    @Produces
    @Singleton
    @Named("dueWorkPool")
    ThreadPoolExecutor dueWork(@ConfigProperty(name = "orderflow.worker.threads") int threads) {
        return new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofVirtual().name("due-order-", 0).factory());
    }

    /** Where the ledger is told what the spreadsheet shows. */
    @Produces
    @Singleton
    @Named("sheetMarksPool")
    ExecutorService sheetMarks() {
        return Executors.newFixedThreadPool(
                8, Thread.ofVirtual().name("sheet-mark-", 0).factory());
    }

    /** Where the orders of one batch of events are written: some at once, as the sender waits for all. */
    @Produces
    @Singleton
    @Named("webhooksPool")
    ExecutorService webhooks() {
        return Executors.newFixedThreadPool(
                16, Thread.ofVirtual().name("webhook-", 0).factory());
    }

    /** Where due orders are looked for: a look that slow orders hold up does not hold up the next, but for so many. */
    @Produces
    @Singleton
    @Named("dueOrdersPool")
    ExecutorService dueOrders() {
        return new ThreadPoolExecutor(
                0,
                8,
                1,
                TimeUnit.MINUTES,
                new SynchronousQueue<>(),
                Thread.ofVirtual().name("due-orders-", 0).factory(),
                new ThreadPoolExecutor.DiscardPolicy());
    }
}
