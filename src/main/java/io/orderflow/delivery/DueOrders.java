package io.orderflow.delivery;

import io.orderflow.ledger.OrderTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds the orders that are due. */
@ApplicationScoped
@Named("dueOrders")
@RegisterForReflection
public class DueOrders {

    private static final int MOST_A_SHARD = 25;

    /** An order that has just become due is about to be worked: its wake-up is on the queue. */
    private static final Duration LAG = Duration.ofSeconds(2);

    private final OrderTable orders;
    private final Clock clock;

    DueOrders(OrderTable orders, Clock clock) {
        this.orders = orders;
        this.clock = clock;
    }

    /** Ids of orders that are due, some of each shard, in an order that differs from instance to instance. */
    public List<String> find() {
        var before = clock.instant().minus(LAG);
        var ids = IntStream.range(0, OrderTable.shards())
                .mapToObj(shard -> orders.due(shard, before, MOST_A_SHARD))
                .flatMap(List::stream)
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(ids);
        return ids;
    }
}
