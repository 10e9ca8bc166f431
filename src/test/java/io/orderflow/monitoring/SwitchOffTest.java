package io.orderflow.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;

/** A shop that does not want to pay for custom metrics has no route to CloudWatch, nor a client for it. */
class SwitchOffTest {

    @Test
    void shouldNotStartTheRouteWhenItIsSwitchedOff() throws Exception {
        // Given
        try (var camel = new DefaultCamelContext()) {
            camel.getPropertiesComponent().addOverrideProperty("orderflow.cloudwatch.enabled", "false");
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(
                            PluginHelper.getResourceLoader(camel).resolveResource("file:routes/cloudwatch.camel.yaml"));

            // When
            camel.start();

            // Then
            assertThat(camel.getRoutes()).isEmpty();
            assertThat(camel.getEndpoints()).isEmpty();
        }
    }
}
