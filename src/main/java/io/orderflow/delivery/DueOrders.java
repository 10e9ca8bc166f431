package io.orderflow.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.TimeScale;
import io.orderflow.ledger.Hints;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Body;

/** Finds what is due: orders, and hints at payments (see {@link Hints}). */
@ApplicationScoped
@Named("dueOrders")
@RegisterForReflection
public class DueOrders {

    private static final int MOST_A_SHARD = 25;

    /** An order that has just become due is about to be worked: its wake-up is on the queue. */
    private static final Duration LAG = Duration.ofSeconds(2);

    private final OrderTable orders;
    private final ObjectMapper mapper;
    private final TimeScale time;
    private final Clock clock;
    private final ThreadPoolExecutor workers;

    DueOrders(
            OrderTable orders,
            ObjectMapper mapper,
            TimeScale time,
            Clock clock,
            @Named("dueWorkPool") ThreadPoolExecutor workers) {
        this.orders = orders;
        this.mapper = mapper;
        this.time = time;
        this.clock = clock;
        this.workers = workers;
    }

    /**
     * The id of the order that a message of the queue names.
     *
     * @throws IllegalArgumentException when it names none
     */
    public String named(@Body String message) {
        try {
            var id = mapper.readTree(message).path("orderId").asText();
            if (OrderId.isOne(id)) {
                return id;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The message is no JSON: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException("The message names no order: it has no orderId that is a UUID");
    }

    /** Whether what was found due is a hint, and not an order. */
    public boolean isHint(@Body String id) {
        return Hints.isOne(id);
    }

    /**
     * Ids of orders and hints that are due, some of each shard, in an order that differs from instance to instance; none
     * while some that were found before still wait for a worker, as they would be found once more.
     */
    public List<String> find() {
        if (!workers.getQueue().isEmpty()) {
            return List.of();
        }
        var before = clock.instant().minus(time.scaled(LAG));
        var ids = IntStream.range(0, OrderTable.shards())
                .mapToObj(shard -> orders.due(shard, before, MOST_A_SHARD))
                .flatMap(List::stream)
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(ids);
        return ids;
    }
}
