package io.orderflow.deadletter;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** At what pace dead letters are replayed. */
@ConfigMapping(prefix = "orderflow.replay")
public interface ReplayConfig {

    /** How often it is looked whether a replay has something to do. Not scaled. */
    Duration tick();

    /** How many letters are sent at once, */
    @WithDefault("20")
    int atOnce();

    /** and how long after them the next. Scaled. */
    @WithDefault("1s")
    Duration pause();

    /** How many may be on their way at a time. */
    @WithDefault("200")
    int mostOpen();

    /** How long a letter may take until it counts as failed. Scaled. */
    @WithDefault("10m")
    Duration patience();

    /** How long an instance that looks at a replay has it for itself. Scaled. */
    @WithDefault("30s")
    Duration lease();

    /** How many letters one replay takes. */
    @WithDefault("2000")
    int mostLetters();
}
