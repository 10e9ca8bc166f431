package io.orderflow.alert;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How often operators are alerted. */
@ConfigMapping(prefix = "orderflow.alerts")
public interface AlertConfig {

    /** Between two alerts of one integration and cause; the first goes at once. Scaled. */
    @WithDefault("5m")
    Duration period();

    /** Between two tries at an alert that could not be sent. Scaled. */
    @WithDefault("30s")
    Duration retry();

    /** How often it is looked whether an alert is due. Not scaled. */
    Duration tick();
}
