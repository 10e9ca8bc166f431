package io.orderflow.sandbox;

import java.util.Map;

/** One outside service: the operations it answers, and what it really did. */
public interface Service {

    /** The name used in fault rules, effects and call counts, for example {@code stripe}. */
    String name();

    /** Registers every operation of this service. Called once, before the server listens. */
    void mount(Endpoints endpoints);

    /**
     * Called for every call on its arrival, before a fault can strike and before the work.
     *
     * @return what is told how the call goes on
     */
    default Watch watch(Call call) {
        return Watch.NONE;
    }

    /** What this service really did (charges, rows, mails, notifications), to be written as JSON. */
    Object effects();

    /** The variables of Orderflow's environment that make it use this service. */
    default Map<String, String> environment() {
        return Map.of();
    }

    /** Forgets everything done so far; keys and credentials stay. */
    void reset();

    /** The body with which this service reports {@code status}, in its own format. */
    Reply failure(int status, String message);
}
