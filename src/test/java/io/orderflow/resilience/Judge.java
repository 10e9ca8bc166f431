package io.orderflow.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.testing.SandboxClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Compares what the ledger says of orders with what the outside world has really done.
 *
 * <p>The rule, without exception: every order that was answered with 2xx is there; it has one payable intent; never two
 * charges, nor more refunded than was asked for; one row with the latest state; one distinct notification an event, the
 * first of each in the order of the events; and one mail an event, unless an attempt is recorded as unknown.
 */
final class Judge {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final int AT_ONCE = 8;

    /** How much is said of what is wrong: as many violations, and so much of each. */
    private static final int MOST_SHOWN = 20;

    private static final int LONGEST_SHOWN = 1000;

    private static final Set<String> PAID = Set.of("succeeded", "partially_refunded", "refunded");

    private final Shop shop;
    private final SandboxClient sandbox;

    Judge(Shop shop, SandboxClient sandbox) {
        this.shop = shop;
        this.sandbox = sandbox;
    }

    /** What was found. */
    record Verdict(int orders, Map<String, Integer> counts, List<String> violations) {

        @Override
        public String toString() {
            return orders + " orders: "
                    + counts.entrySet().stream()
                            .map(count -> count.getValue() + " " + count.getKey())
                            .collect(Collectors.joining(", "))
                    + "; " + violations.size() + " violations";
        }
    }

    /** What the ledger says of one order. */
    private record Account(Purchase purchase, JsonNode order, JsonNode timeline) {

        List<JsonNode> events() {
            return timeline.path("events").valueStream().toList();
        }

        String text(String field) {
            return order.path(field).asText();
        }
    }

    /**
     * Waits until nothing is left to be done for any of the orders, and compares.
     *
     * @throws AssertionError naming every violation
     */
    Verdict judge(Collection<Purchase> purchases, Duration atMost) {
        var owing = awaitQuiet(purchases, atMost);
        var verdict = compare(purchases);
        var violations = new ArrayList<>(verdict.violations());
        owing.forEach((purchase, why) -> violations.add(purchase + " still owes after " + atMost + ": " + why));
        violations.addAll(shop.unexpected());
        assertThat(violations.stream()
                        .limit(MOST_SHOWN)
                        .map(violation -> violation.substring(0, Math.min(LONGEST_SHOWN, violation.length())))
                        .toList())
                .as(new Verdict(verdict.orders(), verdict.counts(), violations).toString())
                .isEmpty();
        return verdict;
    }

    /**
     * Waits until nothing is left to be done for any of the orders.
     *
     * @return what was left when the time was up
     */
    Map<Purchase, String> awaitQuiet(Collection<Purchase> purchases, Duration atMost) {
        var end = Instant.now().plus(atMost);
        var owing = new HashMap<Purchase, String>();
        purchases.forEach(purchase -> owing.put(purchase, "not looked at"));
        while (!owing.isEmpty() && Instant.now().isBefore(end)) {
            var stripe = new Stripe(sandbox.effects("stripe"));
            var found = accounts(owing.keySet());
            found.forEach(account -> {
                var why = owes(account, stripe);
                if (why.isEmpty()) {
                    owing.remove(account.purchase);
                } else {
                    owing.put(account.purchase, why);
                }
            });
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
        }
        return owing;
    }

    private String owes(Account account, Stripe stripe) {
        for (var event : account.events()) {
            if (event.path("deliveries").isEmpty()) {
                return event.path("type").asText() + " is not decided";
            }
            for (var delivery : event.path("deliveries")) {
                var state = delivery.path("state").asText();
                if (delivery.hasNonNull("nextAttemptAt") || state.equals("pending") || state.equals("sending")) {
                    return event.path("type").asText() + " " + delivery;
                }
            }
        }
        if (!account.timeline.path("sheet").path("upToDate").asBoolean()) {
            return "the sheet " + account.timeline.path("sheet");
        }
        if (account.purchase.mayHaveTwin && stripe.payable(account.purchase.id) > 1) {
            return "the twin of its intent";
        }
        if (stripe.isPaid(account.purchase.id) && !PAID.contains(account.text("paymentStatus"))
                || stripe.refunded(account.purchase.id) != cents(account.order.path("amountRefunded"))) {
            // A webhook that was lost: the app finds out by itself.
            return "payment is " + account.text("paymentStatus");
        }
        return "";
    }

    private List<Account> accounts(Collection<Purchase> purchases) {
        var slots = new Semaphore(AT_ONCE);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var found = purchases.stream()
                    .<Callable<Account>>map(purchase -> () -> {
                        slots.acquire();
                        try {
                            return new Account(purchase, shop.get(purchase), shop.timeline(purchase));
                        } finally {
                            slots.release();
                        }
                    })
                    .map(pool::submit)
                    .toList();
            var accounts = new ArrayList<Account>();
            for (var account : found) {
                accounts.add(account.get());
            }
            return accounts;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        }
    }

    /** What Stripe did, by order. */
    private static final class Stripe {
        final Map<String, List<JsonNode>> intents;
        final Map<String, List<JsonNode>> charges;
        final Map<String, List<JsonNode>> refunds;

        Stripe(JsonNode effects) {
            intents = byOrder(effects.path("paymentIntents"), "/orderId");
            charges = byOrder(effects.path("charges"), "/orderId");
            refunds = byOrder(effects.path("refunds"), "/metadata/order_id");
        }

        long payable(String orderId) {
            return of(intents, orderId).stream()
                    .filter(intent -> intent.path("status").asText().equals("requires_payment_method")
                            || intent.path("status").asText().equals("succeeded"))
                    .count();
        }

        boolean isPaid(String orderId) {
            return !succeeded(charges, orderId).isEmpty();
        }

        List<JsonNode> succeeded(Map<String, List<JsonNode>> all, String orderId) {
            return of(all, orderId).stream()
                    .filter(effect -> effect.path("status").asText().equals("succeeded"))
                    .toList();
        }

        long refunded(String orderId) {
            return succeeded(refunds, orderId).stream()
                    .mapToLong(refund -> refund.path("amount").asLong())
                    .sum();
        }
    }

    private static Map<String, List<JsonNode>> byOrder(JsonNode effects, String pointer) {
        return effects.valueStream()
                .collect(Collectors.groupingBy(effect -> effect.at(pointer).asText()));
    }

    private static List<JsonNode> of(Map<String, List<JsonNode>> all, String orderId) {
        return all.getOrDefault(orderId, List.of());
    }

    private Verdict compare(Collection<Purchase> purchases) {
        var violations = new ArrayList<String>();
        var counts = new TreeMap<String, Integer>();
        var stripe = new Stripe(sandbox.effects("stripe"));
        var mails = byOrder(sandbox.effects("sendgrid").path("mails"), "/customArgs/order_id");
        var notifications = sandbox.effects("sns")
                .path("messages")
                .valueStream()
                .filter(message -> message.path("topicArn").asText().endsWith(":order-events"))
                .map(message -> parse(message.path("message").asText()))
                .collect(Collectors.groupingBy(event -> event.path("subject").asText()));
        var rows = sandbox.effects("google-sheets")
                .path("spreadsheets")
                .valueStream()
                .flatMap(sheet -> sheet.path("sheets").path("Orders").valueStream())
                .filter(row -> row.path(0).asText().length() == 36)
                .collect(Collectors.groupingBy(row -> row.path(0).asText()));
        var notices = sandbox.effects("sqs").path("deadLetters").toString();
        var known = purchases.stream().map(purchase -> purchase.id).collect(Collectors.toSet());
        strangers("intents", stripe.intents.keySet(), known, violations);
        strangers("mails", mails.keySet(), known, violations);
        strangers("notifications", notifications.keySet(), known, violations);
        strangers("rows", rows.keySet(), known, violations);
        var stored = sandbox.effects("dynamodb")
                .path("tables")
                .path("orders")
                .path("byStatus")
                .valueStream()
                .mapToInt(JsonNode::asInt)
                .sum();
        if (stored != purchases.size()) {
            violations.add("the ledger holds " + stored + " orders, placed were " + purchases.size());
        }
        for (var account : accounts(purchases)) {
            var found = new Findings(account, violations, counts);
            found.payment(stripe);
            found.events(stripe);
            found.rows(of(rows, account.purchase.id));
            found.notifications(of(notifications, account.purchase.id));
            found.mails(of(mails, account.purchase.id));
            found.deliveries(notices);
        }
        return new Verdict(purchases.size(), counts, violations);
    }

    private static void strangers(String what, Set<String> orders, Set<String> known, List<String> violations) {
        var unknown = new HashSet<>(orders);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            violations.add(what + " of orders that nobody placed: " + unknown);
        }
    }

    private static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long cents(JsonNode amount) {
        return amount.isMissingNode()
                ? 0
                : new BigDecimal(amount.asText()).movePointRight(2).longValueExact();
    }

    private static JsonNode delivery(JsonNode event, String integration) {
        return event.path("deliveries")
                .valueStream()
                .filter(delivery -> delivery.path("integration").asText().equals(integration))
                .findFirst()
                .orElse(MAPPER.missingNode());
    }

    private static long unknowns(JsonNode delivery) {
        return delivery.path("lastAttempts")
                .valueStream()
                .filter(attempt -> attempt.path("outcome").asText().equals("unknown"))
                .count();
    }

    /** The comparison of one order. */
    private final class Findings {
        final Account account;
        final String id;
        final List<String> violations;
        final Map<String, Integer> counts;

        Findings(Account account, List<String> violations, Map<String, Integer> counts) {
            this.account = account;
            this.id = account.purchase.id;
            this.violations = violations;
            this.counts = counts;
        }

        private void check(boolean holds, String violation) {
            if (!holds) {
                violations.add(id + ": " + violation);
            }
        }

        private void count(String what, int many) {
            counts.merge(what, many, Integer::sum);
        }

        void payment(Stripe stripe) {
            var intents = of(stripe.intents, id);
            var alive = intents.stream()
                    .filter(intent -> !intent.path("status").asText().equals("canceled"))
                    .toList();
            var charges = stripe.succeeded(stripe.charges, id);
            var isCancelled = account.purchase.isCancelled;
            check(alive.size() <= 1, "more than one payable intent: " + alive);
            check(charges.size() <= 1, "charged more than once: " + charges);
            check(
                    charges.stream().allMatch(charge -> charge.path("amount").asLong() == Purchase.TOTAL),
                    "charged another amount: " + charges);
            if (isCancelled && charges.isEmpty()) {
                check(alive.isEmpty(), "cancelled, and still payable: " + alive);
            } else {
                check(alive.size() == 1, "no payable intent: " + intents);
            }
            check(
                    alive.stream()
                            .allMatch(intent -> intent.path("id").asText().equals(account.text("paymentIntentId"))),
                    "its intent is " + account.text("paymentIntentId") + ", Stripe has " + intents);
            check(
                    PAID.contains(account.text("paymentStatus")) == !charges.isEmpty(),
                    "payment is " + account.text("paymentStatus") + ", charged " + charges);
            refunds(stripe, isCancelled && !charges.isEmpty());
            count("charges", charges.size());
        }

        private void refunds(Stripe stripe, boolean wholly) {
            var refunds = stripe.succeeded(stripe.refunds, id);
            var asked = account.purchase.refunds.values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            check(
                    stripe.refunded(id) == (wholly ? Purchase.TOTAL : asked),
                    "refunded " + refunds + ", asked for " + account.purchase.refunds);
            check(
                    refunds.stream()
                                    .map(refund ->
                                            refund.at("/metadata/refund_id").asText())
                                    .distinct()
                                    .count()
                            == refunds.size(),
                    "refunded twice: " + refunds);
            check(
                    cents(account.order.path("amountRefunded")) == stripe.refunded(id),
                    "shows refunds of " + account.text("amountRefunded") + ", Stripe has " + refunds);
            count("refunds", refunds.size());
        }

        /** What certainly happened has one event, and only one. */
        void events(Stripe stripe) {
            var types = account.events().stream()
                    .collect(Collectors.groupingBy(event -> event.path("type").asText(), Collectors.counting()));
            var paid = stripe.isPaid(id) ? 1L : 0L;
            check(types.getOrDefault("order.created", 0L) == 1, "events " + types);
            check(types.getOrDefault("payment.succeeded", 0L) == paid, "paid " + paid + " times, events " + types);
            check(
                    types.getOrDefault("order.shipped", 0L) == (account.purchase.isShipped ? 1 : 0),
                    "shipped: " + account.purchase.isShipped + ", events " + types);
            check(
                    types.getOrDefault("order.cancelled", 0L) == (account.purchase.isCancelled ? 1 : 0),
                    "cancelled: " + account.purchase.isCancelled + ", events " + types);
            check(
                    types.getOrDefault("payment.refunded", 0L)
                            == stripe.succeeded(stripe.refunds, id).size(),
                    "refunds " + stripe.succeeded(stripe.refunds, id) + ", events " + types);
            count("events", account.events().size());
        }

        void rows(List<JsonNode> rows) {
            check(rows.size() == 1, "rows " + rows);
            if (rows.size() == 1) {
                var row = rows.getFirst();
                var shown = List.of(
                        row.path(1).asText(), row.path(2).asText(), row.path(3).asText());
                var latest = List.of(account.text("version"), account.text("status"), account.text("paymentStatus"));
                check(shown.equals(latest), "its row shows " + shown + ", it is " + latest);
            }
        }

        void notifications(List<JsonNode> notifications) {
            var heard = notifications.stream()
                    .map(event -> event.path("id").asText())
                    .toList();
            var expected = account.events().stream()
                    .filter(event -> delivery(event, "sns").isObject())
                    .filter(event ->
                            !delivery(event, "sns").path("state").asText().equals("dead"))
                    .map(event -> event.path("id").asText())
                    .toList();
            check(
                    List.copyOf(new LinkedHashSet<>(heard)).equals(expected),
                    "announced " + heard + ", expected " + expected);
            count("notifications", expected.size());
            count("notifications repeated", heard.size() - new HashSet<>(heard).size());
        }

        void mails(List<JsonNode> mails) {
            for (var event : account.events()) {
                var delivery = delivery(event, "sendgrid");
                var times = mails.stream()
                        .filter(mail -> mail.at("/customArgs/event_id")
                                .asText()
                                .equals(event.path("id").asText()))
                        .count();
                var unknowns = unknowns(delivery);
                switch (delivery.path("state").asText()) {
                    case "done" ->
                        check(
                                times == 1 || times > 1 && (times <= 1 + unknowns || account.purchase.mayBeMailedAgain),
                                times + " mails of " + event);
                    case "unknown" -> check(times <= unknowns, times + " mails of " + event);
                    default -> check(times <= unknowns, times + " mails of " + event);
                }
                count("mails", (int) times);
                count("mails repeated after an unknown outcome", (int) Math.max(0, times - 1));
            }
        }

        void deliveries(String notices) {
            for (var event : account.events()) {
                for (var delivery : event.path("deliveries")) {
                    switch (delivery.path("state").asText()) {
                        case "done" -> count("deliveries done", 1);
                        case "unknown" -> count("deliveries unknown", 1);
                        case "dead" -> {
                            count("dead letters", 1);
                            check(account.purchase.mayBury, "a dead letter: " + delivery);
                            check(
                                    notices.contains(event.path("id").asText()),
                                    "a dead letter without a notice: " + delivery);
                        }
                        default -> check(false, "open: " + delivery);
                    }
                }
            }
        }
    }
}
