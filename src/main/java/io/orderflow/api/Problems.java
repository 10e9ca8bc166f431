package io.orderflow.api;

import com.stripe.exception.InvalidRequestException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.util.ObjectHelper;

/** Turns what went wrong in a route into its answer. */
@ApplicationScoped
@Named("problems")
@RegisterForReflection
public class Problems {

    public Answer answer(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Problem problem) {
        return Answer.problem(problem);
    }

    /** Something that is needed does not answer, or knows of nothing like what was asked for. */
    public Answer upstream(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        var refusal = ObjectHelper.getException(InvalidRequestException.class, failure);
        if (refusal != null && Integer.valueOf(404).equals(refusal.getStatusCode())) {
            return Answer.problem(Problem.notFound("payment"));
        }
        return Answer.problem(Problem.unavailable(
                "Something that is needed does not answer. Repeat the request, with the same Idempotency-Key."));
    }

    public Answer internal() {
        return Answer.problem(Problem.internal());
    }
}
