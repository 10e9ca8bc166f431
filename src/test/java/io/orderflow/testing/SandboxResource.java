package io.orderflow.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/** Gives a {@code @QuarkusTest} a sandbox, and the app under test the environment that leads to it. */
public class SandboxResource implements QuarkusTestResourceLifecycleManager {

    /** The property under which tests find the sandbox's address. */
    public static final String BASE = "test.sandbox.base";

    /** A bootstrap key as anyone may choose it. */
    public static final String API_KEY = "key-for-tests-" + "0".repeat(20);

    /** The property with the tests' own key of SendGrid's event webhook, which the app believes beside the sandbox's. */
    public static final String MAIL_EVENTS_KEY = "test.sendgrid.private-key";

    /** The property with the folder of the sandbox's data. */
    public static final String DATA = "test.sandbox.data";

    private static final double TIME_SCALE = 0.1;

    private SandboxProcess sandbox;
    private Map<String, String> settings = Map.of();

    /** Configuration properties of the app, besides those that all tests have. */
    @Override
    public void init(Map<String, String> initArgs) {
        settings = initArgs;
    }

    @Override
    public Map<String, String> start() {
        var port = freePort();
        sandbox = SandboxProcess.start("http://localhost:" + port, TIME_SCALE);
        var environment = sandbox.environment();
        // The AWS SDK does not read the app's configuration, only the environment and these.
        System.setProperty("aws.region", environment.get("AWS_REGION"));
        System.setProperty("aws.accessKeyId", environment.get("AWS_ACCESS_KEY_ID"));
        System.setProperty("aws.secretAccessKey", environment.get("AWS_SECRET_ACCESS_KEY"));
        System.setProperty("aws.endpointUrl", environment.get("AWS_ENDPOINT_URL"));

        var configuration = new HashMap<>(environment);
        configuration.put("ORDERFLOW_BOOTSTRAP_API_KEY", API_KEY);
        configuration.put("quarkus.http.test-port", String.valueOf(port));
        configuration.put("orderflow.time-scale", String.valueOf(TIME_SCALE));
        configuration.put("camel.component.stripe.read-timeout", "3000");
        // Shorter than a claim, which is scaled.
        configuration.put("orderflow.delivery.http-timeout", "2500ms");
        configuration.put("orderflow.delivery.sns-timeout", "1500ms");
        configuration.put("orderflow.stripe.calls-per-second", "1000");
        // As while secrets are rotated.
        configuration.put(
                "orderflow.stripe.webhook-secret", "whsec_retired, " + environment.get("STRIPE_WEBHOOK_SECRET"));
        var key = MailEvents.newKey();
        configuration.put(
                "orderflow.sendgrid.webhook-public-key",
                environment.get("SENDGRID_WEBHOOK_PUBLIC_KEY") + "," + MailEvents.text(key.getPublic()));
        configuration.put(MAIL_EVENTS_KEY, MailEvents.text(key.getPrivate()));
        configuration.put("quarkus.oidc.token.forced-jwk-refresh-interval", "1S");
        configuration.put("orderflow.security.clients.mapped-shop", "default");
        configuration.put("orderflow.security.grants.\"jane@example.com\"", "ops:read");
        configuration.put("orderflow.cloudwatch.period", "1s");
        configuration.put("orderflow.alerts.tick", "200ms");
        configuration.put("orderflow.worker.visibility-timeout", "15");
        configuration.put("orderflow.replay.tick", "200ms");
        // The app waits for it when it ends.
        configuration.put("orderflow.worker.poll-wait", "1");
        configuration.put("orderflow.google.audit", "20s");
        configuration.put("orderflow.google.alert-after", "20s");
        AppProcess.unlimited(configuration);
        configuration.putAll(settings);
        configuration.put(BASE, sandbox.base());
        configuration.put(DATA, sandbox.data().toAbsolutePath().toString());
        return configuration;
    }

    @Override
    public void stop() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    /** The publishable key that a customer's browser has. */
    public static String publishableKey() {
        return ConfigProvider.getConfig().getValue("STRIPE_PUBLISHABLE_KEY", String.class);
    }

    /** The sandbox of the test that is running. */
    public static SandboxClient client() {
        return new SandboxClient(ConfigProvider.getConfig().getValue(BASE, String.class));
    }

    private static int freePort() {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
