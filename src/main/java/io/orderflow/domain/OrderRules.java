package io.orderflow.domain;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a new order must fulfil beyond the shape that the API contract's schema checks. */
public final class OrderRules {

    /** What came of reading a new order. */
    public sealed interface Reading {
        /** It can be accepted. */
        record Valid(OrderDetails details) implements Reading {}

        /** It breaks rules. */
        record Invalid(List<Violation> violations) implements Reading {}
    }

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    /**
     * One local part, without dots at its ends or two in a row, and one domain with a dot: what every mail service takes. Quoted local parts and address literals
     * (RFC 5321) are refused, as SendGrid refuses them.
     */
    private static final Pattern EMAIL =
            Pattern.compile("(?=[^@]{1,64}@)[\\w!#$%&'*+/=?^`{|}~-]+(?:\\.[\\w!#$%&'*+/=?^`{|}~-]+)*@"
                    + "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]{2,63}");

    private static final List<Function<NewOrder, Stream<Violation>>> RULES = List.of(
            OrderRules::currencyIsChargeable,
            OrderRules::emailIsDeliverable,
            OrderRules::countriesExist,
            OrderRules::itemIdsAreUnique,
            OrderRules::pricesAreExact,
            OrderRules::totalIsTheSumOfTheLines,
            OrderRules::totalIsChargeable);

    private OrderRules() {}

    /**
     * Reads a new order.
     *
     * @param order whose missing fields the caller has been told of already
     * @param shape what the schema found; reported together with what is found here
     */
    public static Reading read(NewOrder order, List<Violation> shape) {
        var violations = violations(order, shape);
        return violations.isEmpty() ? new Reading.Valid(details(order)) : new Reading.Invalid(violations);
    }

    /**
     * What of an order breaks a rule.
     *
     * @param order in which only some fields may be given; the others are not looked at
     * @param shape what the schema found; reported together with what is found here
     */
    public static List<Violation> violations(NewOrder order, List<Violation> shape) {
        return Stream.concat(shape.stream(), RULES.stream().flatMap(rule -> rule.apply(order)))
                .distinct()
                .toList();
    }

    private static OrderDetails details(NewOrder order) {
        var currency = currency(order).orElseThrow();
        return new OrderDetails(
                new Customer(order.customerId(), order.customerEmail(), order.customerName()),
                order.items().stream()
                        .map(item -> new LineItem(
                                item.id(), item.name(), item.quantity(), Money.ofMajor(item.price(), currency)))
                        .toList(),
                Money.ofMajor(order.totalAmount(), currency),
                order.shippingAddress(),
                order.billingAddress());
    }

    private static Optional<Currency> currency(NewOrder order) {
        return Optional.ofNullable(order.currency()).flatMap(Currency::of);
    }

    private static Stream<Violation> currencyIsChargeable(NewOrder order) {
        return order.currency() == null || currency(order).isPresent()
                ? Stream.of()
                : Stream.of(new Violation(
                        "/currency",
                        "is no currency that payments can be taken in; use an ISO 4217 code such as USD, EUR or JPY"));
    }

    private static Stream<Violation> emailIsDeliverable(NewOrder order) {
        var email = order.customerEmail();
        return email == null || EMAIL.matcher(email).matches()
                ? Stream.of()
                : Stream.of(new Violation("/customerEmail", "is no mail address, such as jane@example.com"));
    }

    private static Stream<Violation> countriesExist(NewOrder order) {
        return Stream.concat(
                countryExists("/shippingAddress/country", order.shippingAddress()),
                countryExists("/billingAddress/country", order.billingAddress()));
    }

    private static Stream<Violation> countryExists(String pointer, Address address) {
        return address == null || address.country() == null || COUNTRIES.contains(address.country())
                ? Stream.of()
                : Stream.of(new Violation(pointer, "is no country; use an ISO 3166-1 code of two letters such as US"));
    }

    private static Stream<Violation> itemIdsAreUnique(NewOrder order) {
        var first = new HashMap<String, Integer>();
        return items(order).filter(entry -> entry.item().id() != null).flatMap(entry -> {
            var earlier = first.putIfAbsent(entry.item().id(), entry.index());
            return earlier == null
                    ? Stream.of()
                    : Stream.of(new Violation(
                            entry.pointer("id"),
                            "is the id of /items/" + earlier + " too; join the two lines or change one id"));
        });
    }

    private static Stream<Violation> pricesAreExact(NewOrder order) {
        return currency(order).stream().flatMap(currency -> items(order)
                .filter(entry -> entry.item().price() != null
                        && !Money.isExact(entry.item().price(), currency))
                .map(entry -> tooManyDecimals(entry.pointer("price"), currency)));
    }

    private static Violation tooManyDecimals(String pointer, Currency currency) {
        return new Violation(
                pointer,
                currency.digits() == 0
                        ? "has decimals, and " + currency + " has none"
                        : "has more than the " + currency.digits() + " decimals of " + currency);
    }

    private static Stream<Violation> totalIsTheSumOfTheLines(NewOrder order) {
        var lines = Optional.ofNullable(order.items()).orElse(List.of());
        if (order.totalAmount() == null
                || lines.isEmpty()
                || lines.stream().anyMatch(item -> item == null || item.quantity() == null || item.price() == null)) {
            return Stream.of();
        }
        var sum = lines.stream()
                .map(item -> item.price().multiply(BigDecimal.valueOf(item.quantity())))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        return sum.compareTo(order.totalAmount()) == 0
                ? Stream.of()
                : Stream.of(new Violation(
                        "/totalAmount",
                        "is not the sum of the lines, which is "
                                + sum.stripTrailingZeros().toPlainString()));
    }

    private static Stream<Violation> totalIsChargeable(NewOrder order) {
        var currency = currency(order);
        if (order.totalAmount() == null || currency.isEmpty()) {
            return Stream.of();
        }
        return chargeable("/totalAmount", order.totalAmount(), currency.get()).stream();
    }

    private static Optional<Violation> chargeable(String pointer, BigDecimal amount, Currency currency) {
        if (!Money.isExact(amount, currency)) {
            return Optional.of(tooManyDecimals(pointer, currency));
        }
        var minimum = new Money(currency.minimum(), currency);
        var maximum = new Money(currency.maximum(), currency);
        if (amount.compareTo(minimum.major()) < 0) {
            return Optional.of(new Violation(pointer, "is less than can be charged, which is " + minimum));
        }
        if (amount.compareTo(maximum.major()) > 0) {
            return Optional.of(new Violation(pointer, "is more than can be charged, which is " + maximum));
        }
        var money = Money.ofMajor(amount, currency);
        return money.minor() % currency.step() == 0
                ? Optional.empty()
                : Optional.of(new Violation(
                        pointer, "must end in 0 at its last decimal, as payments in " + currency + " do"));
    }

    private record Entry(int index, NewOrder.Item item) {
        String pointer(String field) {
            return "/items/" + index + "/" + field;
        }
    }

    private static Stream<Entry> items(NewOrder order) {
        var items = Optional.ofNullable(order.items()).orElse(List.of());
        return IntStream.range(0, items.size())
                .mapToObj(index -> new Entry(index, items.get(index)))
                .filter(entry -> Objects.nonNull(entry.item()));
    }
}
