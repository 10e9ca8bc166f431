package io.orderflow.mail;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
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
}
