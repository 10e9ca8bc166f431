package io.orderflow.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.stripe.exception.InvalidRequestException;
import io.orderflow.TimeScale;
import io.orderflow.alert.Alerts;
import io.orderflow.ledger.Hints;
import io.orderflow.webhook.StripeWebhook.Hint;
import io.orderflow.webhook.StripeWebhook.Standing;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import org.apache.camel.util.ObjectHelper;
import org.jboss.logging.Logger;

/**
 * What becomes of a hint of Stripe's that cannot be followed yet: kept in the ledger, and tried again with pauses that
 * grow, for as long as Stripe itself would send an event again.
 */
@ApplicationScoped
@Named("stripeHints")
@RegisterForReflection
public class StripeHints {

    /** "Stripe attempts to deliver events to your destination for up to three days": Stripe's page on webhooks. */
    static final Duration PATIENCE = Duration.ofDays(3);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final double JITTER = 0.2;

    /** Longer than all the calls that following a hint may take. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private static final Logger LOG = Logger.getLogger(StripeHints.class);

    private final Hints hints;
    private final Alerts alerts;
    private final ObjectMapper mapper;
    private final TimeScale time;
    private final Clock clock;

    StripeHints(Hints hints, Alerts alerts, ObjectMapper mapper, TimeScale time, Clock clock) {
        this.hints = hints;
        this.alerts = alerts;
        this.mapper = mapper;
        this.time = time;
        this.clock = clock;
    }

    /** A hint that was given up: only a person can say what it was about. */
    @RegisterForReflection
    record GivenUp(String paymentIntentId, String orderId, String error, int attempts, Instant since, Instant at) {}

    /** Keeps a hint at an order that is not there, or does not know its payment yet. */
    public void early(@ExchangeProperty("hint") Hint hint, @Variable("orderId") String orderId) {
        LOG.infof("The order %s of %s does not know it yet; the hint is kept", orderId, hint.intentId());
        keep(hint, orderId);
    }

    /** Keeps a hint that could not be followed. An intent that Stripe does not have, and that is not ours, is let go. */
    public void failed(
            @ExchangeProperty("hint") Hint hint, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        if (isUnknown(failure) && hint.orderId() == null) {
            LOG.warnf("Stripe has no %s, and the event names no order of ours; it is let go", hint.intentId());
            return;
        }
        LOG.warnf("The hint at %s is kept: %s", hint.intentId(), failure.getMessage());
        keep(hint, hint.orderId());
    }

    private void keep(Hint hint, String orderId) {
        hints.keep(hint.intentId(), orderId, clock.instant().plus(pause(0)));
    }

    private static boolean isUnknown(Exception failure) {
        var refusal = ObjectHelper.getException(InvalidRequestException.class, failure);
        return refusal != null && Integer.valueOf(404).equals(refusal.getStatusCode());
    }

    /** Takes a kept hint, or null when another has it. */
    public Hints.Kept take(@Body String id) {
        return hints.take(id, time.scaled(LEASE)).orElse(null);
    }

    /** Forgets a kept hint: it was followed, or leads nowhere. */
    public void forget(@ExchangeProperty("kept") Hints.Kept kept) {
        hints.forget(kept);
    }

    /** Tries a kept hint again later. */
    public void putOff(@ExchangeProperty("kept") Hints.Kept kept) {
        hints.putOff(kept, clock.instant().plus(pause(kept.tries())));
    }

    /** What becomes of a kept hint that was tried. */
    public enum Next {
        FORGET,
        PUT_OFF,
        GIVE_UP
    }

    /** Decides by what came of the try; {@code failure} counts only when it failed. */
    public Next next(
            @ExchangeProperty("kept") Hints.Kept kept,
            @Variable("standing") Standing standing,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        return switch (standing) {
            case OF_ORDER, FOREIGN -> Next.FORGET;
            case NOT_SEEN -> kept.orderId() == null && isUnknown(failure) ? Next.FORGET : patience(kept);
            case EARLY -> patience(kept);
        };
    }

    private Next patience(Hints.Kept kept) {
        return kept.since().plus(time.scaled(PATIENCE)).isBefore(clock.instant()) ? Next.GIVE_UP : Next.PUT_OFF;
    }

    /** The notice of a hint that is given up, as JSON. */
    public String notice(
            @ExchangeProperty("kept") Hints.Kept kept,
            @Variable("standing") Standing standing,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure)
            throws JsonProcessingException {
        return mapper.writeValueAsString(new GivenUp(
                kept.intentId(), kept.orderId(), why(standing, failure), kept.tries(), kept.since(), clock.instant()));
    }

    /** Has operators alerted of a hint that is given up. */
    public void alert(
            @ExchangeProperty("kept") Hints.Kept kept,
            @Variable("standing") Standing standing,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        alerts.raise("stripe", "hint", kept.intentId() + ": " + why(standing, failure), kept.orderId());
    }

    private static String why(Standing standing, Exception failure) {
        return standing == Standing.NOT_SEEN
                ? "What Stripe has to say of this PaymentIntent could not be applied: " + failure.getMessage()
                : "Stripe says that this PaymentIntent is for an order that is not here, or has no payment";
    }

    private Duration pause(int tries) {
        var doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(tries, 20));
        var pause = time.scaled(doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE);
        var factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        return Duration.ofMillis((long) (pause.toMillis() * factor));
    }
}
