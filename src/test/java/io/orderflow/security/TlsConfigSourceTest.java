package io.orderflow.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TlsConfigSourceTest {

    @Test
    void shouldServeHttpsAloneWhenThereIsACertificate() {
        // When
        var config = with(Map.of("TLS_CERTIFICATE_FILE", "tls.crt", "TLS_KEY_FILE", "tls.key", "PORT", "9443"));

        // Then
        assertThat(config.getRawValue("quarkus.tls.https.key-store.pem.0.cert")).isEqualTo("tls.crt");
        assertThat(config.getRawValue("quarkus.tls.https.key-store.pem.0.key")).isEqualTo("tls.key");
        assertThat(config.getRawValue("quarkus.tls.https.protocols")).isEqualTo("TLSv1.3,TLSv1.2");
        assertThat(config.getRawValue("quarkus.http.ssl-port")).isEqualTo("9443");
        assertThat(config.getRawValue("quarkus.http.insecure-requests")).isEqualTo("disabled");
    }

    @Test
    void shouldLeaveHttpAloneWhenThereIsNone() {
        // Then
        assertThat(with(Map.of("TLS_CERTIFICATE_FILE", "")).getRawValue("quarkus.http.insecure-requests"))
                .isNull();
    }

    @Test
    void shouldRefuseACertificateWithoutItsKey() {
        // Then
        assertThatThrownBy(() -> with(Map.of("TLS_CERTIFICATE_FILE", "tls.crt")))
                .hasMessageContaining("TLS_CERTIFICATE_FILE and TLS_KEY_FILE belong together");
        assertThatThrownBy(() -> with(Map.of("TLS_KEY_FILE", "tls.key")))
                .hasMessageContaining("TLS_CERTIFICATE_FILE and TLS_KEY_FILE belong together");
    }

    private static SmallRyeConfig with(Map<String, String> environment) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(environment, "environment", 300))
                .withSources(new TlsConfigSource())
                .build();
    }
}
