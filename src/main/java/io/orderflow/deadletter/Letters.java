package io.orderflow.deadletter;

import io.orderflow.domain.DeadLetterRules;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Order;
import io.orderflow.domain.UnreadableMessage;
import io.orderflow.ledger.DeadLetterIndex;
import io.orderflow.ledger.DeadLetterIndex.Entry;
import io.orderflow.ledger.MessageTable;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds dead letters. An order has one entry in the index however many it has, so every order named is read. */
@ApplicationScoped
class Letters {

    private static final int ENTRIES_A_QUERY = 100;
    private static final int MOST_GROUPS = 50;

    private final DeadLetterIndex index;
    private final OrderTable orders;
    private final MessageTable messages;

    Letters(DeadLetterIndex index, OrderTable orders, MessageTable messages) {
        this.index = index;
        this.orders = orders;
        this.messages = messages;
    }

    /**
     * Where a walk goes on.
     *
     * @param after the key of the last entry that was looked at, or null at the start of the shard
     */
    record Position(int shard, String after) {
        static final Position START = new Position(0, null);
    }

    /**
     * Walks through the index, an order at a time.
     *
     * @param group or null for all letters
     * @param most how many entries are looked at
     * @param visitor takes the letters of one entry, and says whether to go on
     * @return where to go on, or null at the end
     */
    Position walk(Position from, Letter.Group group, int most, Predicate<List<Letter>> visitor) {
        var left = most;
        var at = from;
        var upTo = group == null ? null : DeadLetterIndex.behind(group.integration(), group.cause());
        while (at.shard() < OrderTable.shards()) {
            var wanted = Math.min(ENTRIES_A_QUERY, left);
            if (wanted == 0) {
                return at;
            }
            var entries = index.entries(at.shard(), at.after(), upTo, wanted);
            var letters = read(entries);
            for (var entry : entries) {
                at = new Position(at.shard(), entry.key());
                if (!visitor.test(letters.apply(entry).stream()
                        .filter(letter -> group == null || letter.group().equals(group))
                        .toList())) {
                    return at;
                }
            }
            left -= entries.size();
            at = entries.size() < wanted ? new Position(at.shard() + 1, null) : at;
        }
        return null;
    }

    /**
     * Looks through every shard, a part of each where there is much; of every group behind that part, at one order more,
     * so that a large group hides no other.
     *
     * @param most about how many orders are looked at
     * @return whether this was all
     */
    boolean walkAll(int most, Consumer<List<Letter>> visitor) {
        var complete = true;
        for (int shard = 0; shard < OrderTable.shards(); shard++) {
            var end = look(shard, null, null, share(most), visitor);
            complete &= end == null;
            for (int groups = 0; end != null && groups < MOST_GROUPS; groups++) {
                end = look(shard, DeadLetterIndex.behindGroupOf(end), null, 1, visitor);
            }
        }
        return complete;
    }

    /**
     * Looks for a group in every shard: among the orders that are listed under it, and then among those that are listed
     * by an earlier letter.
     *
     * @param most about how many orders are looked at
     * @return whether this was all
     */
    boolean walkGroup(Letter.Group group, int most, Consumer<List<Letter>> visitor) {
        var before = DeadLetterIndex.before(group.integration(), group.cause());
        var behind = DeadLetterIndex.behind(group.integration(), group.cause());
        Consumer<List<Letter>> own = letters -> visitor.accept(
                letters.stream().filter(letter -> letter.group().equals(group)).toList());
        var complete = true;
        for (int shard = 0; shard < OrderTable.shards(); shard++) {
            complete &= look(shard, before, behind, share(most) * 3 / 4, own) == null;
            complete &= look(shard, null, before, share(most) / 4, own) == null;
        }
        return complete;
    }

    private static int share(int most) {
        return most / OrderTable.shards();
    }

    /** @return the key of the last entry that was looked at, or null when there are no more */
    private String look(int shard, String after, String upTo, int most, Consumer<List<Letter>> visitor) {
        var at = after;
        for (int left = most; left > 0; ) {
            var wanted = Math.min(ENTRIES_A_QUERY, left);
            var entries = index.entries(shard, at, upTo, wanted);
            var letters = read(entries);
            entries.forEach(entry -> visitor.accept(letters.apply(entry)));
            if (entries.size() < wanted) {
                return null;
            }
            at = entries.getLast().key();
            left -= wanted;
        }
        return at;
    }

    private Function<Entry, List<Letter>> read(List<Entry> entries) {
        var orderIds = entries.stream().map(Entry::id).filter(OrderId::isOne).toList();
        var messageIds = entries.stream()
                .map(MessageTable::messageId)
                .flatMap(Optional::stream)
                .toList();
        var foundOrders = byId(orderIds);
        var foundMessages =
                messages.get(messageIds).stream().collect(Collectors.toMap(UnreadableMessage::id, Function.identity()));
        return entry -> MessageTable.messageId(entry)
                .map(id -> ofMessage(foundMessages.get(id)))
                .orElseGet(() -> ofOrder(foundOrders.get(entry.id())));
    }

    private Map<String, Order> byId(List<String> ids) {
        return orders.get(ids.stream().distinct().toList()).stream()
                .collect(Collectors.toMap(Order::id, Function.identity()));
    }

    /** Of what the index still names, and is not dead any more, there is nothing. */
    private static List<Letter> ofMessage(UnreadableMessage message) {
        return message == null || message.state() != Delivery.State.DEAD
                ? List.of()
                : List.of(new Letter.OfMessage(message));
    }

    private static List<Letter> ofOrder(Order order) {
        return order == null
                ? List.of()
                : DeadLetterRules.dead(order).stream()
                        .<Letter>map(task -> new Letter.OfOrder(order, task))
                        .toList();
    }

    /** A letter as it is now, also when it is not dead any more; nothing when it never was one. */
    Optional<Letter> find(LetterId id) {
        if (id.isMessage()) {
            return messages.get(id.subject()).map(Letter.OfMessage::new);
        }
        return OrderId.isOne(id.orderId())
                ? orders.get(id.orderId()).flatMap(order -> find(order, id))
                : Optional.empty();
    }

    /** The same for several, of which those that never were letters are left out. */
    List<Letter> find(List<LetterId> ids) {
        var found = byId(ids.stream()
                .filter(id -> !id.isMessage())
                .map(LetterId::orderId)
                .filter(OrderId::isOne)
                .toList());
        return ids.stream()
                .flatMap(id -> (id.isMessage()
                                ? find(id)
                                : Optional.ofNullable(found.get(id.orderId())).flatMap(order -> find(order, id)))
                        .stream())
                .toList();
    }

    static Optional<Letter> find(Order order, LetterId id) {
        return DeliveryRules.delivery(order, id.task())
                .filter(DeadLetterRules::isLetter)
                .map(delivery -> new Letter.OfOrder(order, id.task()));
    }
}
