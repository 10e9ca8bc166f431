package io.orderflow.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ReceiptTest {

    private static final Receipt PROCESSED = receipt("p", Receipt.Kind.PROCESSED, 1);
    private static final Receipt DELIVERED = receipt("d", Receipt.Kind.DELIVERED, 2);
    private static final Receipt BOUNCE = receipt("b", Receipt.Kind.BOUNCE, 3);

    @Test
    void shouldTellWhatHappenedInItsOrderAndEachOnce() {
        // Then
        assertThat(Receipt.merged(List.of(BOUNCE), List.of(DELIVERED, PROCESSED, BOUNCE), Receipt.KEPT))
                .containsExactly(PROCESSED, DELIVERED, BOUNCE);
    }

    @Test
    void shouldKeepWhatSaysMostWhenThereIsNotRoomForAll() {
        // Given
        var deferrals = IntStream.range(0, 20)
                .mapToObj(number -> receipt("f" + number, Receipt.Kind.DEFERRED, number + 2))
                .toList();

        // When
        var kept = Receipt.merged(List.of(PROCESSED, BOUNCE), deferrals, Receipt.KEPT);

        // Then
        assertThat(kept).hasSize(Receipt.KEPT).contains(PROCESSED, BOUNCE, deferrals.getLast());
    }

    @Property
    void shouldComeToTheSameInWhateverOrderAndHoweverOftenItIsTold(@ForAll long seed, @ForAll boolean oneByOne) {
        // Given
        var random = new Random(seed);
        var all = IntStream.range(0, 15)
                .mapToObj(number -> receipt(
                        "e" + number,
                        Receipt.Kind.values()[random.nextInt(Receipt.Kind.values().length)],
                        random.nextInt(5)))
                .toList();
        var told = new ArrayList<>(
                Stream.concat(all.stream(), all.stream().limit(7)).toList());
        Collections.shuffle(told, random);

        // When
        var kept = List.<Receipt>of();
        for (var part : oneByOne ? told.stream().map(List::of).toList() : List.of(told.subList(0, 9), told)) {
            kept = Receipt.merged(kept, part, Receipt.KEPT);
        }

        // Then
        assertThat(kept).isEqualTo(Receipt.merged(List.of(), all, Receipt.KEPT));
    }

    private static Receipt receipt(String id, Receipt.Kind kind, int second) {
        return new Receipt(id, kind, Orders.NOON.plusSeconds(second), null);
    }
}
