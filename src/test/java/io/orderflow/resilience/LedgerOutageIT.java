package io.orderflow.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** DynamoDB throttles and fails, SQS is away: what was accepted survives, and nothing is promised that is not stored. */
class LedgerOutageIT {

    private static final double TIME_SCALE = 0.1;
    private static final int PER_SECOND = 10;

    /** Not scaled: the SDK's own retries are not either. */
    private static final Duration DYNAMO_OUTAGE = Duration.ofSeconds(Integer.getInteger("ledger.seconds", 6));

    /** Five minutes. */
    private static final Duration QUEUE_OUTAGE = Duration.ofSeconds(30);

    /** What a caller has to wait at most for 503: the time for all tries of one write or read, and for several of them. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(12);

    @Test
    void shouldKeepWhatItAcceptedWhileDynamoDbThrottlesAndFailsAndTheQueueIsAway() throws Exception {
        try (var stage = Stage.open(TIME_SCALE, Map.of());
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            stage.app.start();
            var purchases = Collections.synchronizedList(new ArrayList<Purchase>());
            var lines = new ArrayList<String>();
            trade(stage, callers, purchases, Duration.ofSeconds(3));

            // When
            lines.add("throttled: "
                    + during(
                            stage,
                            callers,
                            purchases,
                            DYNAMO_OUTAGE,
                            Map.of("service", "dynamodb", "kind", "rate-limit")));
            lines.add("half throttled: "
                    + during(
                            stage,
                            callers,
                            purchases,
                            DYNAMO_OUTAGE,
                            Map.of("service", "dynamodb", "kind", "rate-limit", "rate", 0.5)));
            lines.add("failing: "
                    + during(
                            stage,
                            callers,
                            purchases,
                            DYNAMO_OUTAGE,
                            Map.of("service", "dynamodb", "kind", "status", "status", 500)));
            var queue = during(
                    stage, callers, purchases, QUEUE_OUTAGE, Map.of("service", "sqs", "kind", "status", "status", 503));
            lines.add("queue away: " + queue);

            // Then
            assertThat(queue.keySet()).as("answers while the queue is away").isSubsetOf(201, 202);
            purchases.forEach(stage.shop::post);
            var verdict = stage.judge.judge(purchases, Duration.ofMinutes(2));
            lines.add(verdict.toString());
            Stage.report("ledger-outage", lines);
        }
    }

    private static Map<Integer, Integer> during(
            Stage stage, ExecutorService callers, List<Purchase> purchases, Duration lasts, Map<String, Object> rule)
            throws Exception {
        var fault = stage.sandbox.fault(rule);
        var end = Instant.now().plus(lasts);
        var answers = trade(stage, callers, purchases, lasts);
        LockSupport.parkNanos(Math.max(0, Duration.between(Instant.now(), end).toNanos()));
        stage.sandbox.endFault(fault);
        return answers;
    }

    /** Places orders at a steady pace, each once: what is refused is asked for again only at the end. */
    private static Map<Integer, Integer> trade(
            Stage stage, ExecutorService callers, List<Purchase> purchases, Duration lasts) throws Exception {
        var answers = new ConcurrentHashMap<Integer, Integer>();
        var calls = new ArrayList<Future<?>>();
        var end = Instant.now().plus(lasts);
        while (Instant.now().isBefore(end)) {
            var purchase = stage.shop.purchase();
            purchases.add(purchase);
            calls.add(callers.submit(() -> answers.merge(place(stage, purchase), 1, Integer::sum)));
            LockSupport.parkNanos(1_000_000_000L / PER_SECOND);
        }
        for (var call : calls) {
            call.get(1, TimeUnit.MINUTES);
        }
        return new TreeMap<>(answers);
    }

    private static int place(Stage stage, Purchase purchase) throws IOException {
        var answer = stage.shop.postOnce(purchase);
        assertThat(answer.status()).as(answer.body().toString()).isIn(201, 202, 503);
        assertThat(answer.took()).isLessThan(LONGEST_ANSWER);
        if (answer.status() == 503) {
            assertThat(answer.retryAfter()).as("Retry-After").isNotNull();
        }
        return answer.status();
    }
}
