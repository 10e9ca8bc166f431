package io.orderflow.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/** What the sandbox remembers over a restart: named tables of JSON objects in one file, ordered by key. */
public final class Store implements AutoCloseable {

    private final MVStore store;

    private Store(MVStore store) {
        this.store = store;
    }

    /** Opens the file, or makes it. */
    public static Store open(Path file) {
        return new Store(new MVStore.Builder().fileName(file.toString()).open());
    }

    /** A store that is gone with the process. */
    public static Store inMemory() {
        return new Store(new MVStore.Builder().open());
    }

    public Table table(String name) {
        return new Table(store.openMap(name));
    }

    @Override
    public void close() {
        store.close();
    }

    /** One table. What {@code get} and {@code all} hand out are copies: {@code put} makes a change lasting. */
    public static final class Table {

        private final MVMap<String, String> map;

        private Table(MVMap<String, String> map) {
            this.map = map;
        }

        public Optional<ObjectNode> get(String key) {
            return Optional.ofNullable(map.get(key)).map(Json::parse);
        }

        public void put(String key, ObjectNode value) {
            map.put(key, value.toString());
        }

        /** Adds under the next number, so that {@link #all()} keeps the order of arrival. */
        public void append(ObjectNode value) {
            var last = map.lastKey();
            put(String.format("%012d", last == null ? 0 : Long.parseLong(last) + 1), value);
        }

        /** The same, and forgets the oldest so that no more than {@code keep} stay. */
        public void append(ObjectNode value, int keep) {
            append(value);
            while (map.size() > keep) {
                map.remove(map.firstKey());
            }
        }

        public void remove(String key) {
            map.remove(key);
        }

        public Stream<ObjectNode> all() {
            return map.values().stream().map(Json::parse);
        }

        /** Backwards from just before {@code key}, or from the end when it is null. Copies, as with {@code get}. */
        public Stream<ObjectNode> before(String key) {
            var from = key == null ? map.lastKey() : map.lowerKey(key);
            if (from == null) {
                return Stream.empty();
            }
            var keys = Spliterators.spliteratorUnknownSize(map.cursor(from, null, true), Spliterator.ORDERED);
            return StreamSupport.stream(keys, false).map(map::get).map(Json::parse);
        }

        public int size() {
            return map.size();
        }

        public void clear() {
            map.clear();
        }
    }
}
