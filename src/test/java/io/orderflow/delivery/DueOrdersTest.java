package io.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;

class DueOrdersTest {

    private final ThreadPoolExecutor workers = new Resources().dueWork(2);
    private final DueOrders due = new DueOrders(null, new ObjectMapper(), null, Clock.systemUTC(), workers);

    @Test
    void shouldLookForNoneWhileSomeWaitForAWorker() {
        // Given
        var slow = new CountDownLatch(1);
        for (int orders = 0; orders < 3; orders++) {
            workers.submit(() -> {
                slow.await();
                return null;
            });
        }

        // When
        var found = due.find();
        slow.countDown();
        workers.close();

        // Then
        assertThat(found).isEmpty();
    }

    @Test
    void shouldRefuseAMessageThatNamesNoOrder() {
        assertThatThrownBy(() -> due.named("{\"orderId\":\"7\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("names no order");
    }
}
