package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Store;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All objects of one kind, in memory and in the store. A document is never changed once it is saved: a change is made
 * to a copy, which is saved in its place, so that what an event or a search index holds stays as it was.
 */
final class Documents implements Shelf {

    private final Store.Table table;
    private final NavigableMap<String, ObjectNode> byId = new TreeMap<>();
    private final Map<String, NavigableMap<String, ObjectNode>> byIntent = new HashMap<>();

    Documents(Store.Table table) {
        this.table = table;
        table.all().forEach(this::index);
    }

    private void index(ObjectNode document) {
        var id = document.get("id").asText();
        byId.put(id, document);
        if (document.hasNonNull("payment_intent")) {
            byIntent.computeIfAbsent(document.get("payment_intent").asText(), intent -> new TreeMap<>())
                    .put(id, document);
        }
    }

    void save(ObjectNode document) {
        index(document);
        table.put(document.get("id").asText(), document);
    }

    Optional<ObjectNode> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Oldest first. */
    Collection<ObjectNode> all() {
        return byId.values();
    }

    /** Those that belong to one payment intent, oldest first. */
    Collection<ObjectNode> ofIntent(String intent) {
        return byIntent.getOrDefault(intent, new TreeMap<>()).values();
    }

    /** The same, to be listed page by page. */
    Shelf shelfOfIntent(String intent) {
        return shelf(byIntent.getOrDefault(intent, new TreeMap<>()));
    }

    @Override
    public boolean has(String id) {
        return byId.containsKey(id);
    }

    @Override
    public Stream<ObjectNode> before(String id) {
        return shelf(byId).before(id);
    }

    private Shelf shelf(NavigableMap<String, ObjectNode> documents) {
        return new Shelf() {
            @Override
            public boolean has(String id) {
                return Documents.this.has(id);
            }

            @Override
            public Stream<ObjectNode> before(String id) {
                var older = id == null ? documents : documents.headMap(id, false);
                return older.descendingMap().values().stream();
            }
        };
    }

    void clear() {
        byId.clear();
        byIntent.clear();
        table.clear();
    }
}
