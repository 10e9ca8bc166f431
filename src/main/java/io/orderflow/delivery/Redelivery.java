package io.orderflow.delivery;

import io.orderflow.TimeScale;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Outcome;
import io.orderflow.domain.Subscription;
import io.orderflow.domain.Task;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Headers;

/**
 * Decides what becomes of a failed delivery: once more at once, parked, or buried. What kind of failure it is, the
 * error policy in {@code routes/error-policies.camel.yaml} says.
 */
@ApplicationScoped
@Named("redelivery")
@RegisterForReflection
public class Redelivery {

    private static final double JITTER = 0.2;
    private static final Duration LONGEST_MOMENT = Duration.ofSeconds(2);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    private final DeliveryConfig config;
    private final Integrations integrations;
    private final TimeScale time;
    private final Clock clock;

    Redelivery(DeliveryConfig config, Integrations integrations, TimeScale time, Clock clock) {
        this.config = config;
        this.integrations = integrations;
        this.time = time;
        this.clock = clock;
    }

    /**
     * Whether a call that had no effect is worth another try at once: a few, while the claim lasts. Not Camel's header
     * counts them: a route that clears the headers before its call would clear it too. Where the third party says when
     * to come again, that is when; what takes longer than a moment is parked.
     *
     * @param headers of the message; the header that tells Camel how long to wait is set here
     */
    public boolean again(
            @ExchangeProperty("work") Work work,
            @ExchangeProperty("integration") String integration,
            @ExchangeProperty("event") OrderEvent event,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure,
            @Headers Map<String, Object> headers) {
        var asked = Failure.of(failure).retryAfter();
        headers.remove(Exchange.REDELIVERY_DELAY);
        asked.ifPresent(pause -> headers.put(Exchange.REDELIVERY_DELAY, pause.toMillis()));
        var pause = asked.orElse(Duration.ZERO);
        return pause.compareTo(LONGEST_MOMENT) <= 0
                && clock.instant().plus(pause).isBefore(work.repeatBy())
                && work.repeat(new Task(event.event().id(), integration)) <= config.quickRedeliveries();
    }

    /** Whether a call whose outcome is not known may be repeated at once: where the receiver recognises a repeat. */
    public boolean againIfRecognised(
            @ExchangeProperty("work") Work work,
            @ExchangeProperty("integration") String integration,
            @ExchangeProperty("event") OrderEvent event,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure,
            @Headers Map<String, Object> headers) {
        return subscription(integration)
                        .filter(subscription -> subscription.onUnknown() == Subscription.OnUnknown.RETRY)
                        .isPresent()
                && again(work, integration, event, failure, headers);
    }

    /** Whether a third party's refusal is for good: not when it is busy, or when what was asked is just changing. */
    public boolean isRefusal(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception exception) {
        return Failure.of(exception).isFinal();
    }

    /**
     * The call was not made: a breaker, a bulkhead or a rate limit kept it back. No attempt is used up. A young event is
     * due again soon, an old one after half its age: a long outage shall not be asked about all the time. One that is
     * too old is given up.
     */
    public Outcome keptBack(
            @ExchangeProperty("event") OrderEvent event,
            @ExchangeProperty("integration") String integration,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        var now = clock.instant();
        if (isTooOld(event, integration)) {
            return new Outcome.Buried("kept-back", Failure.of(failure).message(), Outcome.End.EXHAUSTED);
        }
        var half = age(event, integration, now).dividedBy(2);
        var delay = max(time.scaled(SHORTEST_PAUSE), min(half, time.scaled(LONGEST_PAUSE)));
        return new Outcome.KeptBack(Failure.of(failure).message(), now.plus(jittered(delay)));
    }

    /** The third party refused for good. */
    public Outcome refused(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception exception) {
        var failure = Failure.of(exception);
        return new Outcome.Buried(failure.cause(), failure.message(), Outcome.End.REFUSED);
    }

    /** The call had no effect and may heal. */
    public Outcome failed(
            @ExchangeProperty("event") OrderEvent event,
            @ExchangeProperty("integration") String integration,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception exception) {
        var failure = Failure.of(exception);
        var next = next(event, integration, failure);
        return next.<Outcome>map(
                        at -> new Outcome.Parked(failure.cause(), failure.message(), at, failure.needsNewKey()))
                .orElseGet(() -> new Outcome.Buried(failure.cause(), failure.message(), Outcome.End.EXHAUSTED));
    }

    /** The call may have had its effect. */
    public Outcome unknown(
            @ExchangeProperty("event") OrderEvent event,
            @ExchangeProperty("integration") String integration,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception exception) {
        var failure = Failure.of(exception);
        var next = next(event, integration, failure);
        return next.<Outcome>map(at -> new Outcome.Unknown(failure.cause(), failure.message(), at))
                .orElseGet(() -> new Outcome.Buried(failure.cause(), failure.message(), Outcome.End.UNKNOWN));
    }

    /** When the delivery is due again; nothing when it has had its chances. */
    private Optional<Instant> next(OrderEvent event, String integration, Failure failure) {
        var schedule = schedule(integration);
        var made =
                delivery(event, integration).map(Delivery::attemptsSinceStart).orElse(0) + 1;
        if (made >= schedule.attempts() || isTooOld(event, integration)) {
            return Optional.empty();
        }
        var doubled = schedule.firstDelay().multipliedBy(1L << Math.min(made - 1, 30));
        var asked = failure.retryAfter().map(clock.instant()::plus).orElse(Instant.MIN);
        var scheduled = later(min(doubled, schedule.maximumDelay()));
        return Optional.of(asked.isAfter(scheduled) ? asked : scheduled);
    }

    private boolean isTooOld(OrderEvent event, String integration) {
        return age(event, integration, clock.instant())
                        .compareTo(time.scaled(schedule(integration).giveUpAfter()))
                > 0;
    }

    /** How long it has been tried: since the event, or since a person had it start again. */
    private static Duration age(OrderEvent event, String integration, Instant now) {
        var at = event.event().at();
        return Duration.between(
                delivery(event, integration)
                        .map(delivery -> delivery.startedAt(at))
                        .orElse(at),
                now);
    }

    private static Optional<Delivery> delivery(OrderEvent event, String integration) {
        return DeliveryRules.delivery(event.order(), new Task(event.event().id(), integration));
    }

    private Instant later(Duration delay) {
        return clock.instant().plus(jittered(time.scaled(delay)));
    }

    private static Duration jittered(Duration delay) {
        var factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        return Duration.ofMillis((long) (delay.toMillis() * factor));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private DeliveryConfig.Schedule schedule(String integration) {
        return config.schedule().get(integration);
    }

    private Optional<Subscription> subscription(String integration) {
        return integrations.subscriptions().stream()
                .filter(subscription -> subscription.integration().equals(integration))
                .findFirst();
    }
}
