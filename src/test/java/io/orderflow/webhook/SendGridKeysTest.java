package io.orderflow.webhook;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.mail.SendGridConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendGridKeysTest {

    @ParameterizedTest
    @ValueSource(strings = {"not a key", "bm90IGEga2V5", "-----BEGIN PUBLIC KEY-----"})
    void shouldRefuseToStartWithWhatIsNoKey(String key) {
        // Given
        var config = new SmallRyeConfigBuilder()
                .withMapping(SendGridConfig.class)
                .withDefaultValue("orderflow.sendgrid.api-key", "SG.key")
                .withDefaultValue("orderflow.sendgrid.api-base", "http://localhost")
                .withDefaultValue("orderflow.sendgrid.from-email", "orders@shop.example")
                .withDefaultValue("orderflow.sendgrid.webhook-tolerance", "PT1H")
                .withDefaultValue("orderflow.sendgrid.webhook-public-key", key)
                .build()
                .getConfigMapping(SendGridConfig.class);

        // Then
        assertThatThrownBy(() -> new SendGridWebhook(config, new ObjectMapper(), null, null, null, Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SENDGRID_WEBHOOK_PUBLIC_KEY");
    }
}
