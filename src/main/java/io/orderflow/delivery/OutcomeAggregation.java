package io.orderflow.delivery;

import io.orderflow.TimeScale;
import io.orderflow.domain.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.jboss.logging.Logger;

/**
 * Notes in the {@link Work} what came of each integration's route. A route that ends without an outcome of its own has
 * had its effect; the error policy {@code delivery} has set the outcome of one that failed.
 */
@ApplicationScoped
@Named("outcomes")
public class OutcomeAggregation implements AggregationStrategy {

    /** The exchange property with what the third party calls the effect; an integration's route may set it. */
    static final String EXTERNAL_ID = "externalId";

    static final String INTEGRATION = "integration";
    static final String OUTCOME = "outcome";
    static final String SKIPPED = "skipped";

    private static final Logger LOG = Logger.getLogger(OutcomeAggregation.class);
    private static final Duration SOON = Duration.ofSeconds(30);

    private final TimeScale time;
    private final Clock clock;

    OutcomeAggregation(TimeScale time, Clock clock) {
        this.time = time;
        this.clock = clock;
    }

    @Override
    public Exchange aggregate(Exchange original, Exchange leg) {
        note(leg);
        return original == null ? forgetting(leg) : original;
    }

    private void note(Exchange leg) {
        var integration = leg.getProperty(INTEGRATION, String.class);
        var work = leg.getProperty("work", Work.class);
        var event = leg.getProperty("event", OrderEvent.class);
        if (integration == null || leg.getProperty(SKIPPED, false, Boolean.class)) {
            if (leg.getException() != null) {
                LOG.warnf(leg.getException(), "A route of the multicast failed outside the delivery policy");
            }
            return;
        }
        work.report(integration, event.event().id(), outcome(leg));
    }

    private Outcome outcome(Exchange leg) {
        if (leg.getException() != null) {
            // The error policy itself failed: the dead letter could not be written. The work stays where it was.
            LOG.warnf(leg.getException(), "What became of a delivery could not be decided; it stays due");
            if (leg.getProperty(OUTCOME) instanceof Outcome.Buried(var cause, var error, var end)
                    && end == Outcome.End.UNKNOWN) {
                return new Outcome.Unknown(cause, error, clock.instant().plus(time.scaled(SOON)));
            }
            return new Outcome.KeptBack(
                    Failure.of(leg.getException()).message(), clock.instant().plus(time.scaled(SOON)));
        }
        var outcome = leg.getProperty(OUTCOME, Outcome.class);
        return outcome != null ? outcome : new Outcome.Done(leg.getProperty(EXTERNAL_ID, String.class));
    }

    /** The first leg's exchange goes on as the multicast's result: nothing of what befell the leg must go with it. */
    private static Exchange forgetting(Exchange leg) {
        leg.setException(null);
        leg.setRouteStop(false);
        leg.removeProperty(INTEGRATION);
        leg.removeProperty(OUTCOME);
        leg.removeProperty(SKIPPED);
        leg.removeProperty(EXTERNAL_ID);
        return leg;
    }
}
