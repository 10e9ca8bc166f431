package io.orderflow.mail;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The shop that the mails speak for. */
@ConfigMapping(prefix = "orderflow.shop")
public interface Shop {

    /** As customers know it: stands above every mail, and is the sender's name unless that is set by itself. */
    @WithDefault("Our Shop")
    String name();

    /** Where customers' questions and replies go. Without it, a reply goes to the sender. */
    Optional<String> supportEmail();
}
