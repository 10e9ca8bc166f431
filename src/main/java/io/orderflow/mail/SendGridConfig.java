package io.orderflow.mail;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** SendGrid's account. */
@ConfigMapping(prefix = "orderflow.sendgrid")
public interface SendGridConfig {

    String apiKey();

    URI apiBase();

    /** The sender, which must be verified at SendGrid. */
    String fromEmail();

    /** The sender's name; the shop's when there is none. */
    Optional<String> fromName();

    /** The keys of the event webhook, in Base64; several while they are rotated. */
    List<String> webhookPublicKey();

    /**
     * How old a batch of events may be. SendGrid sends one again for 24 hours, and does not say that it signs it anew;
     * a replay changes nothing.
     */
    @WithDefault("24h")
    Duration webhookTolerance();
}
