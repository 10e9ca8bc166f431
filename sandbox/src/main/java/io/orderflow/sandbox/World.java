package io.orderflow.sandbox;

import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * What every service shares.
 *
 * @param vertx the event loop that all services run on
 * @param store what outlives a restart
 * @param faults the faults that are switched on
 * @param calls the count of calls
 * @param settings how the sandbox was started
 * @param clock the one clock
 */
public record World(Vertx vertx, Store store, Faults faults, Calls calls, Settings settings, Clock clock) {

    /**
     * How the sandbox was started.
     *
     * @param base its own address, without a slash at the end
     * @param app the address of the app, to which webhooks go, without a slash at the end
     * @param data the folder that holds everything that outlives a restart
     * @param timeScale what every delay of the sandbox's own (webhook retries, the lag of a search) is multiplied by
     */
    public record Settings(URI base, URI app, Path data, double timeScale) {}

    /** Runs {@code task} on the event loop after {@code delay} (of real time, not scaled). */
    public void after(Duration delay, Runnable task) {
        vertx.setTimer(Math.max(1, delay.toMillis()), timer -> task.run());
    }

    /** {@code delay} of the outside world as long as it takes here. */
    public Duration scaled(Duration delay) {
        return Duration.ofNanos((long) (delay.toNanos() * settings.timeScale()));
    }

    /** Says on the console what went wrong inside the sandbox. */
    public void report(String message, Throwable cause) {
        System.err.println(clock.instant() + " " + message);
        cause.printStackTrace();
    }
}
