package io.orderflow.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderRulesTest {

    @Test
    void shouldAcceptAnOrderWhoseTotalIsTheSumOfItsLines() {
        // When
        var reading = OrderRules.read(order("USD", "25.00", item("a", 2, "12.50")), List.of());

        // Then
        assertThat(reading).isInstanceOfSatisfying(OrderRules.Reading.Valid.class, valid -> {
            assertThat(valid.details().total()).isEqualTo(Orders.usd("25"));
            assertThat(valid.details().items().getFirst().sum()).isEqualTo(Orders.usd("25"));
        });
    }

    @Test
    void shouldTakeACurrencyInSmallLetters() {
        // When
        var reading = OrderRules.read(order("usd", "25", item("a", 2, "12.5")), List.of());

        // Then
        assertThat(reading).isInstanceOf(OrderRules.Reading.Valid.class);
    }

    @Test
    void shouldNameEveryViolatedFieldInOneGo() {
        // Given
        var order = new NewOrder(
                "customer-1",
                "no mail address",
                "Jane",
                List.of(item("a", 1, "1.005"), item("a", 1, "2.00")),
                new BigDecimal("3.00"),
                "USD",
                new Address("1 Main Street", "Springfield", null, null, "XX"),
                null);
        var shape = List.of(new Violation("/customerName", "is missing"));

        // When
        var reading = OrderRules.read(order, shape);

        // Then
        assertThat(pointers(reading))
                .containsExactlyInAnyOrder(
                        "/customerName",
                        "/customerEmail",
                        "/items/0/price",
                        "/items/1/id",
                        "/totalAmount",
                        "/shippingAddress/country");
    }

    @ParameterizedTest
    @CsvSource({
        "USD, 0.49, is less than can be charged",
        "JPY, 49, is less than can be charged",
        "HUF, 174.99, is less than can be charged",
        "USD, 1000000, is more than can be charged",
        "ISK, 1000000, is more than can be charged",
        "JPY, 50.5, has decimals",
        "KWD, 1.0001, has more than the 3 decimals",
        "KWD, 1.001, must end in 0"
    })
    void shouldRefuseAtTheDoorWhatStripeWouldRefuse(String currency, String total, String detail) {
        // When
        var reading = OrderRules.read(order(currency, total, item("a", 1, total)), List.of());

        // Then
        assertThat(reading)
                .isInstanceOfSatisfying(OrderRules.Reading.Invalid.class, invalid -> assertThat(invalid.violations())
                        .anySatisfy(violation -> {
                            assertThat(violation.pointer()).isEqualTo("/totalAmount");
                            assertThat(violation.detail()).startsWith(detail);
                        }));
    }

    @ParameterizedTest
    @CsvSource({"USD, 0.50", "JPY, 50", "KWD, 1.010", "USD, 999999.99", "ISK, 999999"})
    void shouldAcceptWhatStripeTakes(String currency, String total) {
        // When
        var reading = OrderRules.read(order(currency, total, item("a", 1, total)), List.of());

        // Then
        assertThat(reading).isInstanceOf(OrderRules.Reading.Valid.class);
    }

    @Test
    void shouldSayWhatTheSumIsWhenTheTotalDiffers() {
        // When
        var reading = OrderRules.read(order("USD", "25.01", item("a", 2, "12.50")), List.of());

        // Then
        assertThat(violations(reading))
                .containsExactly(new Violation("/totalAmount", "is not the sum of the lines, which is 25"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"XAU", "BTC", "EURO"})
    void shouldRefuseAnUnknownCurrency(String code) {
        // When
        var reading = OrderRules.read(order(code, "1", item("a", 1, "1")), List.of());

        // Then
        assertThat(pointers(reading)).containsExactly("/currency");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "a@b",
                "a@b.c",
                "a b@example.com",
                "a@exa mple.com",
                "a@-example.com",
                "\"quoted\"@example.com",
                "a@[127.0.0.1]",
                "a@example.com, b@example.com",
                "ä@example.com"
            })
    void shouldRefuseWhatIsNoDeliverableMailAddress(String email) {
        // When
        var reading = OrderRules.read(withEmail(email), List.of());

        // Then
        assertThat(pointers(reading)).containsExactly("/customerEmail");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@example.com", "first.last+tag@sub.example.co.uk", "o'neil@example.ie"})
    void shouldAcceptAMailAddress(String email) {
        // When
        var reading = OrderRules.read(withEmail(email), List.of());

        // Then
        assertThat(reading).isInstanceOf(OrderRules.Reading.Valid.class);
    }

    @Test
    void shouldSurviveLinesThatTheSchemaHasEmptied() {
        // Given
        var items = new ArrayList<NewOrder.Item>();
        items.add(null);
        items.add(new NewOrder.Item("a", "A", null, new BigDecimal("0.001")));
        var order = new NewOrder(null, null, null, items, new BigDecimal("1"), "USD", null, null);

        // When
        var reading = OrderRules.read(order, List.of());

        // Then
        assertThat(pointers(reading)).containsExactly("/items/1/price");
    }

    private static NewOrder order(String currency, String total, NewOrder.Item... items) {
        return new NewOrder(
                "customer-1",
                "jane@example.com",
                "Jane Doe",
                List.of(items),
                new BigDecimal(total),
                currency,
                Orders.ADDRESS,
                null);
    }

    private static NewOrder withEmail(String email) {
        return new NewOrder(
                "customer-1",
                email,
                "Jane Doe",
                List.of(item("a", 1, "1")),
                new BigDecimal("1"),
                "USD",
                Orders.ADDRESS,
                null);
    }

    private static NewOrder.Item item(String id, int quantity, String price) {
        return new NewOrder.Item(id, "Item " + id, quantity, new BigDecimal(price));
    }

    private static List<String> pointers(OrderRules.Reading reading) {
        return violations(reading).stream().map(Violation::pointer).toList();
    }

    private static List<Violation> violations(OrderRules.Reading reading) {
        return switch (reading) {
            case OrderRules.Reading.Valid valid -> List.of();
            case OrderRules.Reading.Invalid invalid -> invalid.violations();
        };
    }
}
