package io.orderflow.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** Turns what went wrong in a route into its answer. */
@ApplicationScoped
@Named("problems")
@RegisterForReflection
public class Problems {

    public Answer answer(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Problem problem) {
        return Answer.problem(problem);
    }

    /** Something that is needed does not answer. */
    public Answer unavailable() {
        return Answer.problem(Problem.unavailable(
                "Something that is needed does not answer. Repeat the request, with the same Idempotency-Key."));
    }

    public Answer internal() {
        return Answer.problem(Problem.internal());
    }
}
