package io.orderflow.mail;

import static io.orderflow.mail.Orders.cancelled;
import static io.orderflow.mail.Orders.created;
import static io.orderflow.mail.Orders.disputed;
import static io.orderflow.mail.Orders.paid;
import static io.orderflow.mail.Orders.paymentFailed;
import static io.orderflow.mail.Orders.refunded;
import static io.orderflow.mail.Orders.shipped;
import static io.orderflow.mail.Orders.told;
import static io.orderflow.mail.Orders.trackedBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.domain.EventType;
import io.orderflow.domain.Order;
import io.orderflow.mail.Letter.Settlement;
import io.orderflow.mail.Letter.Since;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LetterTest {

    @ParameterizedTest
    @MethodSource
    void shouldSayWhatBecomesOfTheMoneyOfACancelledOrder(Order order, Settlement settlement, String due) {
        var letter = (Letter.Cancelled) Letter.of(told(order, EventType.ORDER_CANCELLED));

        assertThat(letter.settlement()).isEqualTo(settlement);
        assertThat(letter.due()).isEqualTo(due);
    }

    static Stream<Arguments> shouldSayWhatBecomesOfTheMoneyOfACancelledOrder() {
        return Stream.of(
                Arguments.of(cancelled(created()), Settlement.NOTHING_TAKEN, "$38.50"),
                Arguments.of(cancelled(paymentFailed(created(), "Declined.")), Settlement.NOTHING_TAKEN, "$38.50"),
                Arguments.of(cancelled(paid(created())), Settlement.DUE, "$38.50"),
                Arguments.of(cancelled(refunded(paid(created()), "r1", 850)), Settlement.DUE, "$30.00"),
                Arguments.of(refunded(cancelled(paid(created())), "r1", 3850), Settlement.RETURNED, "$0.00"),
                Arguments.of(disputed(cancelled(paid(created()))), Settlement.DISPUTED, "$38.50"));
    }

    @ParameterizedTest
    @MethodSource
    void shouldAdviseOnAFailedPaymentByTheOrderAsItIsNow(Order order, Since since) {
        var letter = (Letter.PaymentFailed) Letter.of(told(order, EventType.PAYMENT_FAILED));

        assertThat(letter.since()).isEqualTo(since);
        assertThat(letter.reason()).isEqualTo("Declined.");
    }

    static Stream<Arguments> shouldAdviseOnAFailedPaymentByTheOrderAsItIsNow() {
        var failed = paymentFailed(created(), "Declined.");
        return Stream.of(
                Arguments.of(failed, Since.OPEN),
                Arguments.of(paid(failed), Since.PAID),
                Arguments.of(cancelled(failed), Since.CANCELLED),
                Arguments.of(cancelled(paid(failed)), Since.CANCELLED));
    }

    @Test
    void shouldPromiseNoShipmentOfACancelledOrder() {
        var late = paid(cancelled(created()));

        assertThat(Letter.of(told(late, EventType.PAYMENT_SUCCEEDED)))
                .isInstanceOfSatisfying(Letter.Paid.class, letter -> assertThat(letter.cancelled())
                        .isTrue());
    }

    @Test
    void shouldTellARefundAndTheSumOfRefunds() {
        var twice = refunded(refunded(paid(created()), "r1", 500), "r2", 700);

        assertThat(Letter.of(told(twice, EventType.PAYMENT_REFUNDED)))
                .isInstanceOfSatisfying(Letter.Refunded.class, letter -> {
                    assertThat(letter.amount()).isEqualTo("$5.00");
                    assertThat(letter.soFar()).isEqualTo("$12.00");
                });
    }

    @Test
    void shouldTellTheCorrectedTrackingNumber() {
        var corrected = trackedBy(shipped(paid(created()), "WRONG"), "RIGHT");

        assertThat(Letter.of(told(corrected, EventType.ORDER_SHIPPED)))
                .isInstanceOfSatisfying(Letter.Shipped.class, letter -> assertThat(letter.trackingNumber())
                        .isEqualTo("RIGHT"));
    }

    @Test
    void shouldShipWithoutATrackingNumber() {
        assertThat(Letter.of(told(shipped(paid(created()), null), EventType.ORDER_SHIPPED)))
                .isInstanceOfSatisfying(Letter.Shipped.class, letter -> assertThat(letter.trackingNumber())
                        .isNull());
    }
}
