package io.orderflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class OrderIdTest {

    @Test
    void shouldBeTheSameForTheSameClientAndKeyForEver() {
        // Then: written down once, because keys never expire and this must not change with any version
        assertThat(OrderId.of("shop", "key-1")).isEqualTo("c5638998-6e6d-51aa-85a0-b6d2d852e310");
        assertThat(OrderId.of("shop", "key-2")).isNotEqualTo(OrderId.of("shop", "key-1"));
        assertThat(OrderId.of("shop2", "key-1")).isNotEqualTo(OrderId.of("shop", "key-1"));
        assertThat(UUID.fromString(OrderId.of("shop", "key-1")).version()).isEqualTo(5);
    }

    @Test
    void shouldNotMixUpClientAndKey() {
        // Then
        assertThat(OrderId.of("a", "b\nc")).isNotEqualTo(OrderId.ofRefund("a", "b\nc"));
    }

    @Test
    void shouldBeNewEachTimeWithoutAKey() {
        // Then
        assertThat(OrderId.random()).isNotEqualTo(OrderId.random());
        assertThat(UUID.fromString(OrderId.random()).version()).isEqualTo(7);
    }

    @Test
    void shouldRecogniseOnlyIds() {
        // Then
        assertThat(OrderId.isOne(OrderId.random())).isTrue();
        assertThat(OrderId.isOne("calendar/shop")).isFalse();
        assertThat(OrderId.isOne("0F8FAD5B-D9CB-469F-A165-70867728950E")).isFalse();
        assertThat(OrderId.isOne(null)).isFalse();
    }
}
