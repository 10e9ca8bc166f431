package io.orderflow.payment;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.util.List;

/** Stripe's account. */
@ConfigMapping(prefix = "orderflow.stripe")
public interface StripeConfig {

    String secretKey();

    /** The signing secrets of the webhook endpoint; several while they are rotated. */
    List<String> webhookSecret();

    URI apiBase();

    /** How many calls a second one endpoint of Stripe's takes; what does not fit is done later. */
    int callsPerSecond();
}
