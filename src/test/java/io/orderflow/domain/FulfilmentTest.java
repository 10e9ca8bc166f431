package io.orderflow.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.domain.Fulfilment.Decision.Accepted;
import io.orderflow.domain.Fulfilment.Decision.Refused;
import org.junit.jupiter.api.Test;

class FulfilmentTest {

    @Test
    void shouldShipAPaidOrderAndTellIt() {
        // When
        var order = accepted(Fulfilment.ship(Orders.paid(), "TRACK-1", Orders.NOON));

        // Then
        assertThat(order.status()).isEqualTo(OrderStatus.SHIPPED);
        assertThat(order.trackingNumber()).isEqualTo("TRACK-1");
        assertThat(order.version()).isEqualTo(Orders.paid().version() + 1);
        assertThat(order.events().getLast().type()).isEqualTo(EventType.ORDER_SHIPPED);
        assertThat(order.events().getLast().data()).containsEntry("trackingNumber", "TRACK-1");
    }

    @Test
    void shouldNotShipTwice() {
        // Given
        var shipped = accepted(Fulfilment.ship(Orders.paid(), "TRACK-1", Orders.NOON));

        // When
        var again = accepted(Fulfilment.ship(shipped, "TRACK-1", Orders.NOON));

        // Then
        assertThat(again).isSameAs(shipped);
    }

    @Test
    void shouldCorrectATrackingNumberWithoutAnEvent() {
        // Given
        var shipped = accepted(Fulfilment.ship(Orders.paid(), "TRACK-1", Orders.NOON));

        // When
        var corrected = accepted(Fulfilment.ship(shipped, "TRACK-2", Orders.NOON));

        // Then
        assertThat(corrected.trackingNumber()).isEqualTo("TRACK-2");
        assertThat(corrected.version()).isEqualTo(shipped.version() + 1);
        assertThat(corrected.events()).isEqualTo(shipped.events());
    }

    @Test
    void shouldRefuseToShipWhatIsNotPaid() {
        // When
        var decision = Fulfilment.ship(Orders.payable(), null, Orders.NOON);

        // Then
        assertThat(decision).isEqualTo(new Refused("The order is not paid yet; it can be shipped once it is."));
    }

    @Test
    void shouldDeliverAShippedOrderOnce() {
        // Given
        var shipped = accepted(Fulfilment.ship(Orders.paid(), null, Orders.NOON));

        // When
        var delivered = accepted(Fulfilment.deliver(shipped, Orders.NOON));

        // Then
        assertThat(delivered.status()).isEqualTo(OrderStatus.DELIVERED);
        assertThat(accepted(Fulfilment.deliver(delivered, Orders.NOON))).isSameAs(delivered);
    }

    @Test
    void shouldCancelBeforeShippingAndOnlyOnce() {
        // When
        var cancelled = accepted(Fulfilment.cancel(Orders.paid(), Orders.NOON));

        // Then
        assertThat(cancelled.status()).isEqualTo(OrderStatus.CANCELLED);
        assertThat(cancelled.events().getLast().type()).isEqualTo(EventType.ORDER_CANCELLED);
        assertThat(accepted(Fulfilment.cancel(cancelled, Orders.NOON))).isSameAs(cancelled);
    }

    @Test
    void shouldRefuseToCancelWhatIsOnItsWay() {
        // Given
        var shipped = accepted(Fulfilment.ship(Orders.paid(), null, Orders.NOON));

        // Then
        assertThat(Fulfilment.cancel(shipped, Orders.NOON)).isInstanceOf(Refused.class);
    }

    @Test
    void shouldRefuseEverythingOnceCancelled() {
        // Given
        var cancelled = accepted(Fulfilment.cancel(Orders.payable(), Orders.NOON));

        // Then
        assertThat(Fulfilment.ship(cancelled, null, Orders.NOON)).isInstanceOf(Refused.class);
        assertThat(Fulfilment.deliver(cancelled, Orders.NOON)).isInstanceOf(Refused.class);
        assertThat(Fulfilment.changeTracking(cancelled, "T", Orders.NOON)).isInstanceOf(Refused.class);
    }

    private static Order accepted(Fulfilment.Decision decision) {
        return ((Accepted) decision).order();
    }
}
