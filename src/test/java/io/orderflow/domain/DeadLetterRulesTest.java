package io.orderflow.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.domain.DeadLetterRules.Progress;
import io.orderflow.domain.DeadLetterRules.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DeadLetterRulesTest {

    private static final Instant NOW = Orders.NOON.plusSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Outcome REFUSED = new Outcome.Buried("http-400", "No such address", Outcome.End.REFUSED);
    private static final Outcome LOST = new Outcome.Unknown("timeout", "Lost", NOW);
    private static final Outcome DONE = new Outcome.Done(null);

    @Test
    void shouldFindEveryDeadDeliveryOfAnOrder() {
        // Given
        var order = worked(Orders.paid(), Map.of("stripe", DONE, "sendgrid", REFUSED));

        // Then
        assertThat(DeadLetterRules.dead(order)).containsExactly(mail(order, 0), mail(order, 1));
    }

    @Test
    void shouldTreatWhatStaysUnknownAsALetter() {
        // Given
        var order = unknownMail();

        // When
        var replayed = DeadLetterRules.replayed(order, action(order, "job-1"));
        var abandoned = DeadLetterRules.abandoned(order, action(order, "a"));
        var told = DeliveryRules.taken(order, mail(order, 0), "mail-1", List.of(), NOW);

        // Then
        assertThat(delivery(order, mail(order, 0)).state()).isEqualTo(Delivery.State.UNKNOWN);
        assertThat(DeadLetterRules.dead(order)).containsExactly(mail(order, 0));
        assertThat(DeadLetterRules.isLetter(delivery(order, mail(order, 0)))).isTrue();
        assertThat(verdict(order, mail(order, 0)))
                .isInstanceOfSatisfying(Verdict.Replayable.class, replayable -> assertThat(replayable.warnings())
                        .singleElement()
                        .asString()
                        .contains("may have had its effect"));
        assertThat(DeliveryRules.due(replayed, NOW)).containsExactly(mail(order, 0));
        assertThat(delivery(abandoned, mail(order, 0)).state()).isEqualTo(Delivery.State.ABANDONED);
        assertThat(delivery(told, mail(order, 0)).state()).isEqualTo(Delivery.State.DONE);
        assertThat(DeadLetterRules.dead(told)).isEmpty();
    }

    @Test
    void shouldLeaveToItselfWhatIsUnknownAndSentOnceMore() {
        // Given
        var order = worked(Orders.payable(), Map.of("stripe", DONE, "sendgrid", LOST));

        // Then
        assertThat(DeadLetterRules.dead(order)).isEmpty();
        assertThat(DeadLetterRules.isLetter(delivery(order, mail(order, 0)))).isFalse();
        assertThat(verdict(order, mail(order, 0))).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void shouldStillKnowALetterThatItsReceiverHasSettled() {
        // Given
        var order = refusedMail();

        // When
        var told = DeliveryRules.taken(order, mail(order, 0), "mail-1", List.of(), NOW);
        var neverOne = worked(Orders.payable(), Map.of("stripe", DONE, "sendgrid", DONE));

        // Then
        assertThat(DeadLetterRules.isLetter(delivery(told, mail(order, 0)))).isTrue();
        assertThat(DeadLetterRules.isLetter(delivery(neverOne, mail(order, 0)))).isFalse();
    }

    @Test
    void shouldKeepTheKeyWhenTheLastAnswerWasLost() {
        // Given
        var order = worked(
                Orders.payable(),
                Map.of("stripe", DONE, "sendgrid", new Outcome.Buried("socket-timeout", "Lost", Outcome.End.UNKNOWN)));
        var before = delivery(order, mail(order, 0));

        // When
        var replayed = DeadLetterRules.replayed(order, action(order, "job-1"));
        var refused = worked(replayed, Map.of("sendgrid", REFUSED));
        var again = DeadLetterRules.replayed(refused, action(order, "job-2"));

        // Then
        assertThat(before.state()).isEqualTo(Delivery.State.DEAD);
        assertThat(before.unknowns()).isEqualTo(1);
        assertThat(before.attempts().getLast().outcome()).isEqualTo(Delivery.State.UNKNOWN);
        assertThat(before.keySince()).isNotNull();
        assertThat(delivery(replayed, mail(order, 0)).keyNumber()).isEqualTo(before.keyNumber());
        assertThat(delivery(replayed, mail(order, 0)).keySince()).isEqualTo(before.keySince());
        assertThat(delivery(again, mail(order, 0)).keyNumber()).isEqualTo(before.keyNumber() + 1);
    }

    @Test
    void shouldNotBlameAReplayForWhatFailedBeforeIt() {
        // Given
        var order = refusedMail();

        // When
        var replayed = DeadLetterRules.replayed(order, action(order, "job-1"));

        // Then
        assertThat(progress(replayed, "job-1", NOW.plus(PATIENCE).plusMillis(1)))
                .isEqualTo(new Progress.Failed("It was not done in time."));
    }

    @Test
    void shouldWarnOfALetterThatWaitsForAnEarlierOne() {
        // Given
        var order = worked(Orders.paid(), Map.of("stripe", DONE, "sendgrid", REFUSED));

        // When
        var first = DeadLetterRules.replayed(order, action(order, "job-1"));

        // Then
        assertThat(verdict(order, mail(order, 1))).isEqualTo(new Verdict.Replayable(List.of()));
        assertThat(verdict(first, mail(order, 1)))
                .isEqualTo(new Verdict.Replayable(
                        List.of("It waits for an earlier event of the order, of which sendgrid is still to be told.")));
    }

    @Test
    void shouldNotReplayAgainForOneBeforeWhomAnotherCame() {
        // Given
        var order = refusedMail();
        var first = worked(DeadLetterRules.replayed(order, action(order, "job-1")), Map.of("sendgrid", REFUSED));
        var second = worked(DeadLetterRules.replayed(first, action(order, "job-2")), Map.of("sendgrid", REFUSED));

        // Then
        assertThat(DeadLetterRules.wasReplayedBy(second, mail(order, 0), "job-1"))
                .isTrue();
        assertThat(DeadLetterRules.wasReplayedBy(second, mail(order, 0), "job-3"))
                .isFalse();
        assertThat(DeadLetterRules.wasReplayedBy(second, new Task(mail(order, 0).eventId(), "stripe"), "job-1"))
                .isFalse();
        assertThat(DeadLetterRules.replayed(second, action(order, "job-1"))).isSameAs(second);
    }

    @Test
    void shouldFreeTheAmountOfARefundThatIsAbandoned() {
        // Given
        var order = requestedRefund(new Outcome.Buried("http-503", "Down", Outcome.End.EXHAUSTED));
        var task = new Task(order.events().getLast().id(), "stripe");
        var made = new PaymentSnapshot.RefundSeen("re_1", "refund-1", 1000, null, Refund.State.SUCCEEDED);

        // When
        var abandoned = DeadLetterRules.abandoned(order, stripeAction(task));
        var seen = PaymentRules.observe(abandoned, Orders.snapshot(PaymentSnapshot.IntentStatus.SUCCEEDED, made), NOW);

        // Then
        assertThat(order.payment().committed()).isEqualTo(1000);
        assertThat(DeadLetterRules.obstacleToAbandon(order, task)).isEmpty();
        assertThat(abandoned.payment().committed()).isZero();
        assertThat(seen.payment().refunded()).isEqualTo(1000);
    }

    @Test
    void shouldNotAbandonARefundThatWasPerhapsMade() {
        // Given
        var order = requestedRefund(new Outcome.Buried("timeout", "Lost", Outcome.End.UNKNOWN));
        var task = new Task(order.events().getLast().id(), "stripe");
        var made = new PaymentSnapshot.RefundSeen("re_1", "refund-1", 1000, null, Refund.State.SUCCEEDED);
        var seen = PaymentRules.observe(order, Orders.snapshot(PaymentSnapshot.IntentStatus.SUCCEEDED, made), NOW);

        // Then
        assertThat(DeadLetterRules.obstacleToAbandon(order, task))
                .get()
                .asString()
                .contains("Replay it");
        assertThat(DeadLetterRules.obstacleToAbandon(seen, task)).isEmpty();
    }

    @Test
    void shouldLetPeopleRefundACancelledOrderThatStripeIsNotAskedForAnyMore() {
        // Given
        var paid = worked(Orders.paid(), Map.of("stripe", DONE, "sendgrid", DONE));
        var cancelled = ((Fulfilment.Decision.Accepted) Fulfilment.cancel(paid, NOW)).order();
        var dead = worked(cancelled, Map.of("stripe", REFUSED));
        var task = new Task(dead.events().getLast().id(), "stripe");

        // When
        var abandoned = DeadLetterRules.abandoned(dead, stripeAction(task));

        // Then
        assertThat(PaymentRules.requestRefund(dead, "refund-1", null, null, NOW))
                .isInstanceOf(PaymentRules.RefundDecision.Refused.class);
        assertThat(PaymentRules.requestRefund(abandoned, "refund-1", null, null, NOW))
                .isInstanceOf(PaymentRules.RefundDecision.Accepted.class);
    }

    @Test
    void shouldReplayWithFreshPatienceUnderANewKey() {
        // Given
        var order = refusedMail();
        var before = delivery(order, mail(order, 0));

        // When
        var replayed = DeadLetterRules.replayed(order, action(order, "job-1"));

        // Then
        var delivery = delivery(replayed, mail(order, 0));
        assertThat(delivery.state()).isEqualTo(Delivery.State.PENDING);
        assertThat(DeliveryRules.due(replayed, NOW)).containsExactly(mail(order, 0));
        assertThat(delivery.keyNumber()).isEqualTo(before.keyNumber() + 1);
        assertThat(delivery.attemptCount()).isEqualTo(1);
        assertThat(delivery.attemptsSinceStart()).isZero();
        assertThat(delivery.startedAt(Orders.NOON)).isEqualTo(NOW);
        assertThat(replayed.actions()).containsExactly(action(order, "job-1"));
        assertThat(replayed.version()).isEqualTo(order.version());
    }

    @Test
    void shouldReplayOnceForEachRequest() {
        // Given
        var order = refusedMail();
        var replayed = DeadLetterRules.replayed(order, action(order, "job-1"));
        var deadAgain = worked(replayed, Map.of("sendgrid", REFUSED));

        // Then
        assertThat(DeadLetterRules.replayed(deadAgain, action(order, "job-1"))).isSameAs(deadAgain);
        assertThat(delivery(DeadLetterRules.replayed(deadAgain, action(order, "job-2")), mail(order, 0))
                        .state())
                .isEqualTo(Delivery.State.PENDING);
    }

    @Test
    void shouldSayWhyADeliveryIsNotToBeReplayed() {
        // Given
        var order = refusedMail();
        var replayed = DeadLetterRules.replayed(order, action(order, "job-1"));
        var done = worked(replayed, Map.of("sendgrid", DONE));
        var abandoned = DeadLetterRules.abandoned(order, action(order, "a"));

        // Then
        assertThat(verdict(order, mail(order, 0))).isEqualTo(new Verdict.Replayable(List.of()));
        assertThat(verdict(replayed, mail(order, 0))).isInstanceOf(Verdict.Refused.class);
        assertThat(verdict(done, mail(order, 0)))
                .isEqualTo(new Verdict.Refused("It is not dead any more: it has had its effect."));
        assertThat(verdict(abandoned, mail(order, 0))).isEqualTo(new Verdict.Refused("It was abandoned."));
        assertThat(verdict(order, new Task("no-event", "sendgrid"))).isInstanceOf(Verdict.Refused.class);
        assertThat(DeadLetterRules.verdict(order, mail(order, 0), List.of(Orders.STRIPE)))
                .isEqualTo(new Verdict.Refused("No route tells sendgrid any more."));
    }

    @Test
    void shouldWarnOfWhatMayHaveHadItsEffect() {
        // Given
        var order = worked(
                Orders.payable(),
                Map.of("stripe", DONE, "sendgrid", new Outcome.Buried("socket-timeout", "Lost", Outcome.End.UNKNOWN)));

        // Then
        assertThat(verdict(order, mail(order, 0)))
                .isInstanceOfSatisfying(Verdict.Replayable.class, replayable -> assertThat(replayable.warnings())
                        .singleElement()
                        .asString()
                        .contains("may have had its effect"));
    }

    @Test
    void shouldNotOpenThePaymentOfACancelledOrderAgain() {
        // Given
        var order = worked(Orders.accepted(), Map.of("stripe", REFUSED, "sendgrid", DONE));
        var cancelled = ((Fulfilment.Decision.Accepted) Fulfilment.cancel(order, NOW)).order();
        var task = new Task(order.events().getFirst().id(), "stripe");

        // Then
        assertThat(verdict(order, task)).isInstanceOf(Verdict.Replayable.class);
        assertThat(verdict(cancelled, task))
                .isEqualTo(new Verdict.Refused("The order is cancelled; no payment is to be opened for it."));
        assertThat(verdict(PaymentRules.opened(order, "pi_1", NOW), task))
                .isEqualTo(new Verdict.Refused("The order has a payment already, pi_1."));
    }

    @Test
    void shouldCountTheAmountOfARefundThatIsAskedForAgain() {
        // Given
        var order = refusedRefund("10.00");
        var refund = order.events().getLast();
        var action = new Action("job-1", Action.Kind.REPLAYED, NOW, "shop", "Why", refund.id(), "stripe", Map.of());

        // When
        var replayed = DeadLetterRules.replayed(order, action);

        // Then
        assertThat(order.payment().committed()).isZero();
        assertThat(replayed.payment().committed()).isEqualTo(1000);
    }

    @Test
    void shouldNotRefundMoreThanWasPaidByAReplay() {
        // Given
        var order = refusedRefund("10.00");
        var task = new Task(order.events().getLast().id(), "stripe");
        var other = ((PaymentRules.RefundDecision.Accepted)
                        PaymentRules.requestRefund(order, "refund-2", 2000L, null, NOW))
                .order();

        // Then
        assertThat(verdict(order, task)).isInstanceOf(Verdict.Replayable.class);
        assertThat(verdict(other, task))
                .isEqualTo(new Verdict.Refused("The amount is more than what is left to refund, which is 5.00 USD."));
    }

    @Test
    void shouldCorrectWhatPeopleSeeAndSayWhatItWas() {
        // Given
        var order = refusedMail();
        var address = new Address("2 Side Street", "Shelbyville", "IL", "62565", "US");

        // When
        var corrected =
                DeadLetterRules.corrected(order, new Correction("joe@example.org", address), action(order, "a"));

        // Then
        assertThat(corrected.details().customer().email()).isEqualTo("joe@example.org");
        assertThat(corrected.details().shippingAddress()).isEqualTo(address);
        assertThat(corrected.version()).isEqualTo(order.version() + 1);
        assertThat(corrected.isOwedToSheet()).isTrue();
        assertThat(delivery(corrected, mail(order, 0)).state()).isEqualTo(Delivery.State.PENDING);
        assertThat(corrected.actions().getFirst().changes())
                .containsEntry("customerEmail", "j***@example.com → j***@example.org")
                .containsEntry("shippingAddress", "1 ***, 62701 Springfield, US → 2 ***, 62565 Shelbyville, US");
    }

    @Test
    void shouldNotSendElsewhereWhatIsOnItsWay() {
        // Given
        var shipped = ((Fulfilment.Decision.Accepted) Fulfilment.ship(Orders.paid(), null, NOW)).order();

        // Then
        assertThat(DeadLetterRules.obstacle(shipped, new Correction(null, Orders.ADDRESS)))
                .isPresent();
        assertThat(DeadLetterRules.obstacle(shipped, new Correction("joe@example.org", null)))
                .isEmpty();
        assertThat(DeadLetterRules.obstacle(Orders.paid(), new Correction(null, Orders.ADDRESS)))
                .isEmpty();
    }

    @Test
    void shouldKeepTheLastFiftyActions() {
        // Given
        var order = refusedMail();

        // When
        for (int i = 0; i < 60; i++) {
            order = worked(DeadLetterRules.replayed(order, action(order, "job-" + i)), Map.of("sendgrid", REFUSED));
        }

        // Then
        assertThat(order.actions()).hasSize(50);
        assertThat(order.actions().getLast().id()).isEqualTo("job-59");
    }

    @Test
    void shouldSayHowFarAReplayHasGot() {
        // Given
        var order = refusedMail();
        var replayed = DeadLetterRules.replayed(order, action(order, "job-1"));
        var later = NOW.plusSeconds(30);

        // Then
        assertThat(progress(replayed, "job-1", NOW)).isEqualTo(new Progress.Open());
        assertThat(progress(worked(replayed, Map.of("sendgrid", DONE)), "job-1", NOW))
                .isEqualTo(new Progress.Done());
        assertThat(progress(worked(replayed, Map.of("sendgrid", REFUSED)), "job-1", NOW))
                .isEqualTo(new Progress.Failed("It is dead again: No such address"));
        assertThat(progress(
                        worked(replayed, Map.of("sendgrid", new Outcome.Parked("http-503", "Down", later, false))),
                        "job-1",
                        NOW))
                .isEqualTo(new Progress.Failed("An attempt failed: Down"));
        assertThat(progress(
                        worked(replayed, Map.of("sendgrid", new Outcome.Unknown("timeout", "Lost", later))),
                        "job-1",
                        NOW))
                .isInstanceOf(Progress.Failed.class);
        assertThat(progress(
                        worked(replayed, Map.of("sendgrid", new Outcome.KeptBack("The breaker is open", later))),
                        "job-1",
                        NOW))
                .isEqualTo(new Progress.Open());
        assertThat(progress(replayed, "job-1", NOW.plus(PATIENCE).plusMillis(1)))
                .isInstanceOf(Progress.Failed.class);
        assertThat(progress(replayed, "job-2", NOW)).isInstanceOf(Progress.Left.class);
    }

    @Test
    void shouldNoticeWhatStaysUnknownOnce() {
        // Given
        var order = claim(Orders.payable());
        var unknown = new Outcome.Unknown("timeout", "Lost", NOW);

        // When
        var first = settle(order, Map.of("stripe", DONE, "sendgrid", unknown));
        var second = settle(claim(first), Map.of("sendgrid", unknown));

        // Then
        assertThat(DeliveryRules.leftUnknown(order, first)).isEmpty();
        assertThat(DeliveryRules.leftUnknown(first, second)).containsExactly(mail(order, 0));
        assertThat(DeliveryRules.leftUnknown(second, second)).isEmpty();
    }

    private static Order unknownMail() {
        return worked(worked(Orders.payable(), Map.of("stripe", DONE, "sendgrid", LOST)), Map.of("sendgrid", LOST));
    }

    private static Action stripeAction(Task task) {
        return new Action("a", Action.Kind.ABANDONED, NOW, "shop", "Why", task.eventId(), task.integration(), Map.of());
    }

    private static Order requestedRefund(Outcome end) {
        var paid = worked(Orders.paid(), Map.of("stripe", DONE, "sendgrid", DONE));
        var requested = ((PaymentRules.RefundDecision.Accepted)
                        PaymentRules.requestRefund(paid, "refund-1", 1000L, null, NOW))
                .order();
        return worked(requested, Map.of("stripe", end));
    }

    private static Order refusedMail() {
        return worked(Orders.payable(), Map.of("stripe", DONE, "sendgrid", REFUSED));
    }

    private static Order refusedRefund(String amount) {
        var paid = worked(Orders.paid(), Map.of("stripe", DONE, "sendgrid", DONE));
        var requested = ((PaymentRules.RefundDecision.Accepted) PaymentRules.requestRefund(
                        paid, "refund-1", Orders.usd(amount).minor(), null, NOW))
                .order();
        var dead = worked(requested, Map.of("stripe", REFUSED));
        return PaymentRules.refused(dead, dead.events().getLast(), "No", NOW);
    }

    private static Order worked(Order order, Map<String, Outcome> byIntegration) {
        return settle(claim(order), byIntegration);
    }

    private static Order claim(Order order) {
        return DeliveryRules.claim(order, Orders.SUBSCRIPTIONS, each -> true, new Claim("a", NOW.plusSeconds(60)), NOW)
                .orElseThrow()
                .order();
    }

    private static Order settle(Order claimed, Map<String, Outcome> byIntegration) {
        var outcomes = DeliveryRules.due(claimed, NOW).stream()
                .collect(Collectors.toMap(task -> task, task -> byIntegration.get(task.integration())));
        return DeliveryRules.settle(claimed, "a", outcomes, Orders.SUBSCRIPTIONS, NOW);
    }

    private static Task mail(Order order, int event) {
        return new Task(order.events().get(event).id(), "sendgrid");
    }

    private static Delivery delivery(Order order, Task task) {
        return DeliveryRules.delivery(order, task).orElseThrow();
    }

    private static Verdict verdict(Order order, Task task) {
        return DeadLetterRules.verdict(order, task, Orders.SUBSCRIPTIONS);
    }

    private static Progress progress(Order order, String job, Instant now) {
        return DeadLetterRules.progress(order, mail(order, 0), job, PATIENCE, now);
    }

    private static Action action(Order order, String id) {
        var task = mail(order, 0);
        return new Action(
                id, Action.Kind.REPLAYED, NOW, "shop", "It works again", task.eventId(), "sendgrid", Map.of());
    }
}
