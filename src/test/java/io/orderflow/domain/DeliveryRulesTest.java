package io.orderflow.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeliveryRulesTest {

    private static final Instant NOW = Orders.NOON.plusSeconds(1);
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Order ORDER = Orders.payable();
    private static final Task STRIPE = new Task(ORDER.events().getFirst().id(), "stripe");
    private static final Receipt DELIVERED = new Receipt("e-1", Receipt.Kind.DELIVERED, NOW, null);
    private static final Task MAIL = new Task(ORDER.events().getFirst().id(), "sendgrid");

    @Test
    void shouldDecideAtTheFirstClaimWhoIsTold() {
        // When
        var claimed = claim(ORDER, "a", NOW).orElseThrow();

        // Then
        assertThat(claimed.tasks()).containsExactlyInAnyOrder(STRIPE, MAIL);
        assertThat(claimed.order().events().getFirst().deliveries()).containsOnlyKeys("stripe", "sendgrid");
    }

    @Test
    void shouldSaySendingBeforeTheCallWhereARepeatWouldNotBeRecognised() {
        // When
        var order = claim(ORDER, "a", NOW).orElseThrow().order();

        // Then
        assertThat(delivery(order, MAIL).state()).isEqualTo(Delivery.State.SENDING);
        assertThat(delivery(order, STRIPE).state()).isEqualTo(Delivery.State.PENDING);
    }

    @Test
    void shouldLetOnlyOneHoldAnOrder() {
        // Given
        var order = claim(ORDER, "a", NOW).orElseThrow().order();

        // Then
        assertThat(claim(order, "b", NOW.plus(LEASE).minusMillis(1))).isEmpty();
        assertThat(DeliveryRules.dueAt(order)).contains(NOW.plus(LEASE));
    }

    @Test
    void shouldClaimOnlyForTheIntegrationsThatTheWorkerServes() {
        // When
        var claimed = DeliveryRules.claim(
                        ORDER, Orders.SUBSCRIPTIONS, "stripe"::equals, new Claim("a", NOW.plus(LEASE)), NOW)
                .orElseThrow();

        // Then
        assertThat(claimed.tasks()).containsExactly(STRIPE);
        assertThat(delivery(claimed.order(), MAIL).state()).isEqualTo(Delivery.State.PENDING);
    }

    @Test
    void shouldBeDoneWhenAllIsDone() {
        // Given
        var order = claim(ORDER, "a", NOW).orElseThrow().order();

        // When
        var settled = settle(order, "a", Map.of(STRIPE, new Outcome.Done("pi_1"), MAIL, new Outcome.Done("mail-1")));

        // Then
        assertThat(settled.claim()).isNull();
        assertThat(DeliveryRules.dueAt(settled)).isEmpty();
        assertThat(delivery(settled, MAIL).externalId()).isEqualTo("mail-1");
        assertThat(delivery(settled, MAIL).attemptCount()).isEqualTo(1);
    }

    @Test
    void shouldComeBackWhenTheEarliestParkedDeliveryIsDue() {
        // Given
        var order = claim(ORDER, "a", NOW).orElseThrow().order();
        var later = NOW.plusSeconds(30);

        // When
        var settled = settle(
                order,
                "a",
                Map.of(
                        STRIPE, new Outcome.Parked("http-500", "Oops", later, true),
                        MAIL, new Outcome.KeptBack("The breaker is open", later.plusSeconds(5))));

        // Then
        assertThat(DeliveryRules.dueAt(settled)).contains(later);
        assertThat(DeliveryRules.due(settled, later)).containsExactly(STRIPE);
        assertThat(delivery(settled, STRIPE).keyNumber()).isEqualTo(2);
        assertThat(delivery(settled, STRIPE).attemptCount()).isEqualTo(1);
        assertThat(delivery(settled, MAIL).attemptCount()).isZero();
        assertThat(delivery(settled, MAIL).state()).isEqualTo(Delivery.State.PENDING);
    }

    @Test
    void shouldCallUnknownWhatACrashedHolderLeftInTheAir() {
        // Given
        var order = claim(ORDER, "a", NOW).orElseThrow().order();
        var later = NOW.plus(LEASE);

        // When
        var again = claim(order, "b", later).orElseThrow();

        // Then
        assertThat(delivery(again.order(), MAIL).unknowns()).isEqualTo(1);
        assertThat(delivery(again.order(), MAIL).state()).isEqualTo(Delivery.State.SENDING);
        assertThat(again.tasks()).contains(MAIL);
    }

    @Test
    void shouldSendOnceMoreAfterAnUnknownOutcomeAndNeverMore() {
        // Given
        var first = claim(ORDER, "a", NOW).orElseThrow().order();
        var second = claim(first, "b", NOW.plus(LEASE)).orElseThrow().order();

        // When
        var third = claim(second, "c", NOW.plus(LEASE).plus(LEASE)).orElseThrow();

        // Then
        assertThat(third.tasks()).containsExactly(STRIPE);
        assertThat(delivery(third.order(), MAIL).state()).isEqualTo(Delivery.State.UNKNOWN);
        assertThat(delivery(third.order(), MAIL).nextAt()).isNull();
    }

    @Test
    void shouldTellOneIntegrationTheEventsInOrder() {
        // Given
        var order = claim(ORDER, "a", NOW).orElseThrow().order();
        var parked = settle(
                order,
                "a",
                Map.of(
                        STRIPE, new Outcome.Done(null),
                        MAIL, new Outcome.Parked("http-503", "Down", NOW.plusSeconds(30), false)));
        var paid = PaymentRules.observe(parked, Orders.snapshot(PaymentSnapshot.IntentStatus.SUCCEEDED), NOW);
        var prepared = DeliveryRules.prepare(paid, Orders.SUBSCRIPTIONS, NOW);

        // Then
        assertThat(DeliveryRules.due(prepared, NOW)).isEmpty();
        assertThat(DeliveryRules.dueAt(prepared)).contains(NOW.plusSeconds(30));
        assertThat(DeliveryRules.due(prepared, NOW.plusSeconds(30)))
                .containsExactly(MAIL, new Task(paid.events().getLast().id(), "sendgrid"));
    }

    @Test
    void shouldLetTheNextEventPassADeadOne() {
        // Given
        var order = claim(ORDER, "a", NOW).orElseThrow().order();
        var dead = settle(
                order,
                "a",
                Map.of(
                        STRIPE,
                        new Outcome.Done(null),
                        MAIL,
                        new Outcome.Buried("http-400", "No such address", Outcome.End.REFUSED)));

        // When
        var paid = PaymentRules.observe(dead, Orders.snapshot(PaymentSnapshot.IntentStatus.SUCCEEDED), NOW);

        // Then
        assertThat(claim(paid, "b", NOW).orElseThrow().tasks())
                .containsExactly(new Task(paid.events().getLast().id(), "sendgrid"));
        assertThat(delivery(dead, MAIL).state()).isEqualTo(Delivery.State.DEAD);
    }

    @Test
    void shouldRecordOnlyWhatIsCertainOnceTheClaimHasPassedToAnother() {
        // Given
        var first = claim(ORDER, "a", NOW).orElseThrow().order();
        var second = claim(first, "b", NOW.plus(LEASE)).orElseThrow().order();

        // When
        var late = settle(
                second,
                "a",
                Map.of(
                        STRIPE, new Outcome.Parked("http-500", "Oops", NOW.plusSeconds(30), true),
                        MAIL, new Outcome.Done("mail-1")));

        // Then
        assertThat(late.claim().token()).isEqualTo("b");
        assertThat(delivery(late, STRIPE)).isEqualTo(delivery(second, STRIPE));
        assertThat(delivery(late, MAIL).state()).isEqualTo(Delivery.State.DONE);
    }

    @Test
    void shouldKeepWhatWasDoneWhateverASecondSenderMeets() {
        // Given
        var first = claim(ORDER, "a", NOW).orElseThrow().order();
        var second = claim(first, "b", NOW.plus(LEASE)).orElseThrow().order();
        var done = settle(second, "a", Map.of(MAIL, new Outcome.Done("mail-1")));

        // When
        var after = settle(
                done,
                "b",
                Map.of(
                        STRIPE, new Outcome.Done(null),
                        MAIL, new Outcome.Parked("http-503", "Down", NOW.plusSeconds(30), false)));

        // Then
        assertThat(delivery(after, MAIL)).isEqualTo(delivery(done, MAIL));
        assertThat(delivery(after, MAIL).externalId()).isEqualTo("mail-1");
    }

    @Test
    void shouldForgetTheHistoryOfWhatIsSettledAndNothingElse() {
        // Given
        var order = ORDER;
        for (int i = 0; i < 3; i++) {
            order = settle(
                    claim(order, "a", NOW.plusSeconds(i)).orElseThrow().order(),
                    "a",
                    Map.of(
                            STRIPE,
                            new Outcome.Parked("http-500", "Oops", NOW.plusSeconds(i + 1), false),
                            MAIL,
                            i < 2 ? new Outcome.Parked("http-503", "Down", NOW, false) : new Outcome.Done("m")));
        }

        // When
        var compacted = DeliveryRules.compacted(order);

        // Then
        assertThat(delivery(order, MAIL).attempts()).hasSize(3);
        assertThat(delivery(compacted, MAIL).attempts()).hasSize(1);
        assertThat(delivery(compacted, MAIL).attemptCount()).isEqualTo(3);
        assertThat(delivery(compacted, MAIL).externalId()).isEqualTo("m");
        assertThat(delivery(compacted, STRIPE)).isEqualTo(delivery(order, STRIPE));
    }

    @Test
    void shouldNotLoseAnEventThatCameUpDuringTheWork() {
        // Given
        var claimed = claim(ORDER, "a", NOW).orElseThrow().order();
        var paid = PaymentRules.observe(claimed, Orders.snapshot(PaymentSnapshot.IntentStatus.SUCCEEDED), NOW);

        // When
        var settled = settle(paid, "a", Map.of(STRIPE, new Outcome.Done(null), MAIL, new Outcome.Done(null)));

        // Then
        assertThat(DeliveryRules.dueAt(settled)).contains(NOW);
        assertThat(claim(settled, "b", NOW).orElseThrow().tasks())
                .containsExactly(new Task(paid.events().getLast().id(), "sendgrid"));
    }

    @Test
    void shouldUseANewKeyOnceStripeMayHaveForgottenTheOldOne() {
        // Given
        var first = claim(ORDER, "a", NOW).orElseThrow().order();

        // When
        var dayLater =
                claim(first, "b", NOW.plus(Duration.ofHours(24))).orElseThrow().order();

        // Then
        assertThat(delivery(first, STRIPE).keyNumber()).isEqualTo(1);
        assertThat(delivery(dayLater, STRIPE).keyNumber()).isEqualTo(2);
    }

    @Test
    void shouldKeepOnlyTheLastTenAttempts() {
        // Given
        var order = ORDER;
        var at = NOW;

        // When
        for (int i = 0; i < 15; i++) {
            order = settle(
                    claim(order, "a", at).orElseThrow().order(),
                    "a",
                    Map.of(
                            STRIPE, new Outcome.Parked("http-500", "Oops", at.plusSeconds(30), false),
                            MAIL, new Outcome.Done(null)));
            at = at.plusSeconds(30);
        }

        // Then
        assertThat(delivery(order, STRIPE).attemptCount()).isEqualTo(15);
        assertThat(delivery(order, STRIPE).attempts()).hasSize(10);
    }

    @Test
    void shouldRecordEveryOutcomeOfItsHolderAndOnlyEffectsOfAnother() {
        // Given
        var held = claim(ORDER, "a", NOW).orElseThrow().order();
        Map<Task, Outcome> outcomes = Map.of(
                STRIPE,
                new Outcome.Done("pi_1"),
                MAIL,
                new Outcome.Buried("http-400", "No such address", Outcome.End.REFUSED),
                new Task("no-such-event", "sendgrid"),
                new Outcome.Done(null));

        // When
        var byHolder = DeliveryRules.recorded(held, "a", outcomes);
        var byAnother = DeliveryRules.recorded(held, "b", outcomes);

        // Then
        assertThat(byHolder).containsOnlyKeys(STRIPE, MAIL);
        assertThat(byAnother).containsOnlyKeys(STRIPE);
        assertThat(DeliveryRules.recorded(settle(held, "a", outcomes), "a", outcomes))
                .isEmpty();
    }

    @Test
    void shouldSendNothingAgainOfWhichTheReceiverHasTold() {
        // Given
        var unknown = settle(
                claim(ORDER, "a", NOW).orElseThrow().order(),
                "a",
                Map.of(STRIPE, new Outcome.Done("pi_1"), MAIL, new Outcome.Unknown("timeout", "No answer", NOW)));

        // When
        var told = DeliveryRules.taken(unknown, MAIL, "mail-1", List.of(DELIVERED), NOW);

        // Then
        assertThat(delivery(told, MAIL)).satisfies(mail -> {
            assertThat(mail.state()).isEqualTo(Delivery.State.DONE);
            assertThat(mail.externalId()).isEqualTo("mail-1");
            assertThat(mail.receipts()).containsExactly(DELIVERED);
            assertThat(mail.attemptCount()).isEqualTo(1);
            assertThat(mail.error()).isNull();
        });
        assertThat(DeliveryRules.dueAt(told)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("endsOfASender")
    void shouldAgreeWithASenderThatEndsAfterTheReceiverHasTold(Outcome outcome) {
        // Given
        var sending = claim(ORDER, "a", NOW).orElseThrow().order();
        var told = DeliveryRules.taken(sending, MAIL, "mail-1", List.of(DELIVERED), NOW);

        // When
        var settled = settle(told, "a", Map.of(STRIPE, new Outcome.Done("pi_1"), MAIL, outcome));

        // Then
        assertThat(told.claim()).isEqualTo(sending.claim());
        assertThat(delivery(settled, MAIL)).isEqualTo(delivery(told, MAIL));
        assertThat(delivery(settled, MAIL).attemptCount()).isEqualTo(1);
        assertThat(settled.claim()).isNull();
        assertThat(DeliveryRules.dueAt(settled)).isEmpty();
    }

    static Stream<Outcome> endsOfASender() {
        return Stream.of(
                new Outcome.Done("another"),
                new Outcome.Unknown("timeout", "No answer", NOW),
                new Outcome.Parked("http-503", "Oops", NOW, false),
                new Outcome.KeptBack("breaker", NOW),
                new Outcome.Buried("timeout", "No answer", Outcome.End.UNKNOWN));
    }

    @Test
    void shouldNotCallUnknownWhatTheReceiverHasToldOfAfterACrash() {
        // Given
        var sending = claim(ORDER, "a", NOW).orElseThrow().order();

        // When
        var told = DeliveryRules.taken(sending, MAIL, "mail-1", List.of(), NOW);
        var found = DeliveryRules.prepare(told, Orders.SUBSCRIPTIONS, NOW.plus(LEASE));

        // Then
        assertThat(delivery(found, MAIL).state()).isEqualTo(Delivery.State.DONE);
        assertThat(delivery(found, MAIL).unknowns()).isZero();
    }

    @Test
    void shouldBringBackFromTheDeadWhatWasTakenAfterAll() {
        // Given
        var dead = settle(
                claim(ORDER, "a", NOW).orElseThrow().order(),
                "a",
                Map.of(
                        STRIPE,
                        new Outcome.Done("pi_1"),
                        MAIL,
                        new Outcome.Buried("timeout", "No answer", Outcome.End.UNKNOWN)));

        // Then
        assertThat(delivery(DeliveryRules.taken(dead, MAIL, "mail-1", List.of(), NOW), MAIL)
                        .state())
                .isEqualTo(Delivery.State.DONE);
    }

    @Test
    void shouldChangeNothingWhenTheReceiverTellsNothingNew() {
        // Given
        var done = settle(
                claim(ORDER, "a", NOW).orElseThrow().order(),
                "a",
                Map.of(STRIPE, new Outcome.Done("pi_1"), MAIL, new Outcome.Done("mail-1")));
        var told = DeliveryRules.taken(done, MAIL, "mail-1", List.of(DELIVERED), NOW);

        // Then
        assertThat(DeliveryRules.taken(told, MAIL, "mail-2", List.of(DELIVERED), NOW.plusSeconds(9)))
                .isEqualTo(told);
        assertThat(DeliveryRules.taken(told, new Task("no-such-event", "sendgrid"), "mail-1", List.of(), NOW))
                .isEqualTo(told);
        assertThat(DeliveryRules.taken(ORDER, MAIL, "mail-1", List.of(DELIVERED), NOW))
                .isEqualTo(ORDER);
    }

    private static Optional<DeliveryRules.Claimed> claim(Order order, String token, Instant now) {
        return DeliveryRules.claim(
                order, Orders.SUBSCRIPTIONS, integration -> true, new Claim(token, now.plus(LEASE)), now);
    }

    private static Order settle(Order order, String token, Map<Task, Outcome> outcomes) {
        return DeliveryRules.settle(order, token, outcomes, Orders.SUBSCRIPTIONS, NOW);
    }

    private static Delivery delivery(Order order, Task task) {
        return DeliveryRules.delivery(order, task).orElseThrow();
    }

    @Test
    void shouldSendNoEventAgainOfWhichTwiceIsWorseThanPerhapsNotAtAll() {
        // Given
        var mail = new Subscription(
                "sendgrid",
                Set.of(EventType.ORDER_CREATED, EventType.PAYMENT_SUCCEEDED),
                Subscription.OnUnknown.RESEND_ONCE,
                Set.of(EventType.ORDER_CREATED));
        Outcome lost = new Outcome.Unknown("timeout", "No answer", NOW.plusSeconds(30));

        // When
        var claimed = DeliveryRules.claim(
                        Orders.paid(), List.of(mail), any -> true, new Claim("t", NOW.plusSeconds(45)), NOW)
                .orElseThrow();
        var tasks = claimed.order().events().stream()
                .map(event -> new Task(event.id(), "sendgrid"))
                .toList();
        var settled = DeliveryRules.settle(
                claimed.order(), "t", Map.of(tasks.get(0), lost, tasks.get(1), lost), List.of(mail), NOW);

        // Then
        assertThat(delivery(settled, tasks.get(0)).nextAt()).isNull();
        assertThat(delivery(settled, tasks.get(1)).nextAt()).isEqualTo(NOW.plusSeconds(30));
    }

    @Test
    void shouldTakeNoEventOfTheMailBeforeForTheOneThatAPersonHadSentAgain() {
        // Given: a mail that bounced, sent again to the right address
        var bounce = new Receipt("e-2", Receipt.Kind.BOUNCE, NOW.plusSeconds(5), "No such user");
        var bounced = DeliveryRules.taken(
                claim(ORDER, "a", NOW).orElseThrow().order(), MAIL, "m-1", List.of(bounce), NOW.plusSeconds(6));
        var again = DeadLetterRules.replayed(
                bounced,
                new Action(
                        "replay-1",
                        Action.Kind.CORRECTED,
                        NOW.plusSeconds(60),
                        "jane",
                        "Mistyped",
                        MAIL.eventId(),
                        MAIL.integration(),
                        Map.of()));
        var late = new Receipt("e-3", Receipt.Kind.BOUNCE, NOW.plusSeconds(90), "No such user");
        var delivered = new Receipt("e-4", Receipt.Kind.DELIVERED, NOW.plusSeconds(95), null);

        // When
        var repeated = DeliveryRules.taken(again, MAIL, null, List.of(bounce), NOW.plusSeconds(91));
        var ofTheFirst = DeliveryRules.taken(again, MAIL, "m-1", List.of(late), NOW.plusSeconds(91));
        var ofTheSecond = DeliveryRules.taken(ofTheFirst, MAIL, "m-2", List.of(delivered), NOW.plusSeconds(96));

        // Then
        assertThat(delivery(repeated, MAIL).state()).isEqualTo(Delivery.State.PENDING);
        assertThat(delivery(ofTheFirst, MAIL).state()).isEqualTo(Delivery.State.PENDING);
        assertThat(delivery(ofTheFirst, MAIL).receipts()).contains(late);
        assertThat(delivery(ofTheSecond, MAIL).state()).isEqualTo(Delivery.State.DONE);
    }
}
