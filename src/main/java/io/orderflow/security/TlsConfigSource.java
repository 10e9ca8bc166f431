package io.orderflow.security;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Serves HTTPS, and no HTTP, when {@code TLS_CERTIFICATE_FILE} and {@code TLS_KEY_FILE} name a certificate with its chain
 * and its key, both PEM. New files are taken without a restart.
 */
public final class TlsConfigSource implements ConfigSourceFactory {

    private static final int ORDINAL = 260;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        var certificate = value(context, "TLS_CERTIFICATE_FILE");
        var key = value(context, "TLS_KEY_FILE");
        if (certificate == null && key == null) {
            return List.of();
        }
        if (certificate == null || key == null) {
            throw new IllegalArgumentException(
                    "TLS_CERTIFICATE_FILE and TLS_KEY_FILE belong together: set both, or neither");
        }
        var port = value(context, "PORT");
        return List.of(new PropertiesConfigSource(
                Map.of(
                        "quarkus.tls.https.key-store.pem.0.cert", certificate,
                        "quarkus.tls.https.key-store.pem.0.key", key,
                        "quarkus.tls.https.protocols", "TLSv1.3,TLSv1.2",
                        "quarkus.tls.https.reload-period", "1m",
                        "quarkus.http.tls-configuration-name", "https",
                        "quarkus.http.insecure-requests", "disabled",
                        "quarkus.http.ssl-port", port == null ? "8443" : port),
                "TLS_CERTIFICATE_FILE",
                ORDINAL));
    }

    /** Above {@code application.properties}, below the environment. */
    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(ORDINAL);
    }

    private static String value(ConfigSourceContext context, String name) {
        ConfigValue value = context.getValue(name);
        return value == null || value.getValue() == null || value.getValue().isBlank() ? null : value.getValue();
    }
}
