package io.orderflow.sandbox;

import io.vertx.core.Future;
import java.util.Map;

/**
 * One outside service: the operations it answers, and what it really did.
 *
 * <p>Most services hold their own state and implement {@link #effects()} and {@link #reset()}. One whose work is done
 * by a server of its own, which must be asked and waited for, implements {@link #effectsLater()} and
 * {@link #resetLater()} instead.
 */
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

    /** Gets ready. The sandbox is healthy when every service is; until then its operations wait or answer 503. */
    default Future<Void> start() {
        return Future.succeededFuture();
    }

    /** What this service really did (charges, rows, mails, notifications), to be written as JSON. */
    default Object effects() {
        return Map.of();
    }

    default Future<?> effectsLater() {
        return Future.succeededFuture(effects());
    }

    /** The variables of Orderflow's environment that make it use this service. */
    default Map<String, String> environment() {
        return Map.of();
    }

    /** Forgets everything done so far; keys and credentials stay. */
    default void reset() {}

    /** The same, done when the future is. */
    default Future<Void> resetLater() {
        reset();
        return Future.succeededFuture();
    }

    /** Ends what {@link #start()} began, with all data on disk. May block. */
    default void close() {}

    /** The body with which this service reports {@code status}, in its own format. */
    Reply failure(int status, String message);
}
