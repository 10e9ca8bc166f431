package io.orderflow.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.domain.PaymentSignal.Canceled;
import io.orderflow.domain.PaymentSignal.Declined;
import io.orderflow.domain.PaymentSignal.Disputed;
import io.orderflow.domain.PaymentSignal.Opened;
import io.orderflow.domain.PaymentSignal.Processing;
import io.orderflow.domain.PaymentSignal.Refunded;
import io.orderflow.domain.PaymentSignal.Refused;
import io.orderflow.domain.PaymentSignal.Succeeded;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

class PaymentStatusTest {

    private static final List<PaymentSignal> SIGNALS = List.of(
            new Opened(),
            new Refused(),
            new Processing(),
            new Declined(),
            new Canceled(),
            new Succeeded(),
            new Refunded(0, 100),
            new Refunded(40, 100),
            new Refunded(100, 100),
            new Disputed());

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            PENDING,            PENDING, FAILED,  PROCESSING, FAILED, CANCELLED, SUCCEEDED, -, -, -, -
            PROCESSING,         -,       -,       PROCESSING, FAILED, CANCELLED, SUCCEEDED, -, -, -, -
            FAILED,             PENDING, -,       PROCESSING, FAILED, CANCELLED, SUCCEEDED, -, -, -, -
            CANCELLED,          -, -, -, -, -, -, -, -, -, -
            SUCCEEDED,          -, -, -, -, -, -, SUCCEEDED, PARTIALLY_REFUNDED, REFUNDED, DISPUTED
            PARTIALLY_REFUNDED, -, -, -, -, -, -, SUCCEEDED, PARTIALLY_REFUNDED, REFUNDED, DISPUTED
            REFUNDED,           -, -, -, -, -, -, SUCCEEDED, PARTIALLY_REFUNDED, REFUNDED, DISPUTED
            DISPUTED,           -, -, -, -, -, -, -, -, -, -
            """)
    void shouldMoveAsTheTableSays(ArgumentsAccessor row) {
        var status = row.get(0, PaymentStatus.class);
        for (int i = 0; i < SIGNALS.size(); i++) {
            var next = row.getString(i + 1);
            assertThat(status.after(SIGNALS.get(i)))
                    .as("%s after %s", status, SIGNALS.get(i))
                    .isEqualTo(next.equals("-") ? status : PaymentStatus.valueOf(next));
        }
    }

    @Property
    void shouldNeverLetMoneyThatWasTakenBeForgotten(@ForAll List<Integer> signals) {
        var status = PaymentStatus.PENDING;
        for (var signal : signals) {
            var next = status.after(SIGNALS.get(Math.floorMod(signal, SIGNALS.size())));
            if (!status.isOpen()) {
                assertThat(next.isOpen()).isFalse();
            }
            if (status == PaymentStatus.CANCELLED) {
                assertThat(next).isEqualTo(PaymentStatus.CANCELLED);
            }
            status = next;
        }
    }
}
