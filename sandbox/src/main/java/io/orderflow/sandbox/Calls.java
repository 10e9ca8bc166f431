package io.orderflow.sandbox;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** How often each operation of each service was asked for, faults included, since the start or the last reset. */
public final class Calls {

    private final ConcurrentMap<String, ConcurrentMap<String, LongAdder>> counts = new ConcurrentHashMap<>();

    void count(String service, String operation) {
        counts.computeIfAbsent(service, name -> new ConcurrentHashMap<>())
                .computeIfAbsent(operation, name -> new LongAdder())
                .increment();
    }

    /** Service to operation to count, both sorted by name. */
    public Map<String, Map<String, Long>> snapshot() {
        var all = new TreeMap<String, Map<String, Long>>();
        counts.forEach((service, operations) -> {
            var sums = new TreeMap<String, Long>();
            operations.forEach((operation, count) -> sums.put(operation, count.sum()));
            all.put(service, sums);
        });
        return all;
    }

    void reset() {
        counts.clear();
    }
}
