package io.orderflow.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentRulesTest {

    private static final String STRONG = "9f2c41d7b08e5a63f1c47e90ab3d6825";

    private static final Map<String, String> PRODUCTION = Map.ofEntries(
            Map.entry("ORDERFLOW_ENVIRONMENT", "production"),
            Map.entry("ORDERS_TABLE", "orders"),
            Map.entry("ORDER_EVENTS_QUEUE", "https://sqs.eu-west-1.amazonaws.com/123456789012/order-events"),
            Map.entry("DEAD_LETTER_QUEUE", "order-dead-letters"),
            Map.entry("ORDER_TOPIC_ARN", "arn:aws:sns:eu-west-1:123456789012:orders"),
            Map.entry("ALERT_TOPIC_ARN", "arn:aws:sns:eu-west-1:123456789012:alerts"),
            Map.entry("STRIPE_SECRET_KEY", "rk_live_" + STRONG),
            Map.entry("STRIPE_WEBHOOK_SECRET", "whsec_" + STRONG + ", whsec_" + STRONG),
            Map.entry("SENDGRID_API_KEY", "SG." + STRONG),
            Map.entry("SENDGRID_FROM_EMAIL", "shop@example.com"),
            Map.entry("SENDGRID_WEBHOOK_PUBLIC_KEY", "MFkw"),
            Map.entry("GOOGLE_APPLICATION_CREDENTIALS", "key.json"),
            Map.entry("GOOGLE_SHEETS_SPREADSHEET_ID", "spreadsheet"),
            Map.entry("OIDC_ISSUER_URL", "https://issuer.example.com/"),
            Map.entry("ORDERFLOW_KEY_HASH_SECRET", STRONG));

    @Test
    void shouldFindNothingWrongWithProduction() {
        assertThat(complaints(PRODUCTION)).isEmpty();
    }

    @Test
    void shouldNameEverythingThatIsMissingAtOnce() {
        // When
        var complaints = complaints(Map.of("ORDERFLOW_ENVIRONMENT", "production"));

        // Then
        assertThat(complaints)
                .extracting(complaint -> complaint.split(" ")[0])
                .containsExactlyInAnyOrderElementsOf(PRODUCTION.keySet().stream()
                        .filter(name -> !name.equals("ORDERFLOW_ENVIRONMENT"))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ORDERFLOW_ENVIRONMENT          | staging
            ORDERFLOW_ENVIRONMENT          | ''
            STRIPE_SECRET_KEY              | ' '
            STRIPE_SECRET_KEY              | sk_test_sandbox123
            STRIPE_SECRET_KEY              | sk_test_51abc
            STRIPE_SECRET_KEY              | pk_live_51abc
            STRIPE_WEBHOOK_SECRET          | ' , '
            STRIPE_WEBHOOK_SECRET          | whsec_0123456789abcdef01, whsec_sandbox123
            STRIPE_API_BASE                | http://api.stripe.com
            STRIPE_API_BASE                | https://localhost:8099/stripe
            STRIPE_WEBHOOK_SECRET          | whsec_changeme
            STRIPE_WEBHOOK_SECRET          | x
            SENDGRID_API_KEY               | test
            REDIS_URL                      | redis://cache.internal:6379
            REDIS_URL                      | rediss://localhost:6379
            CORS_ORIGINS                   | https://shop.example.com, http://localhost:3000
            SENDGRID_API_KEY               | SG.sandboxabc.def
            SENDGRID_API_BASE              | http://127.0.0.1:8099/sendgrid
            GOOGLE_APPLICATION_CREDENTIALS | nowhere.json
            GOOGLE_APPLICATION_CREDENTIALS | sandbox.json
            GOOGLE_SHEETS_API_BASE         | https://[::1]/google/
            OIDC_ISSUER_URL                | http://issuer.example.com
            OIDC_ISSUER_URL                | issuer.example.com
            OIDC_ISSUER_URL                | https://idp.localhost/
            AWS_ENDPOINT_URL               | http://localhost:8099
            AWS_ENDPOINT_URL_SNS           | https://0.0.0.0:8099
            AWS_ENDPOINT_URL_SECRETS_MANAGER | http://secrets.internal
            AWS_ACCESS_KEY_ID              | SANDBOXACCESSKEY
            ORDER_EVENTS_QUEUE             | http://localhost:9324/000000000000/order-events
            DEAD_LETTER_QUEUE              | https://localhost:9324/000000000000/dead
            ALERT_TOPIC_ARN                | arn:aws:sns:us-east-1:000000000000:alerts
            ORDERFLOW_KEY_HASH_SECRET      | 9f2c41d7b08e5a63f1c47e90ab3d682
            ORDERFLOW_BOOTSTRAP_API_KEY    | key-for-tests-00000000000000000000
            """)
    void shouldRefuseInProduction(String variable, String value) {
        // When
        var complaints = complaints(with(variable, value));

        // Then
        assertThat(complaints).singleElement().asString().startsWith(variable + " ");
        if (!value.isBlank()) {
            assertThat(complaints.getFirst()).doesNotContain(value.strip());
        }
    }

    @Test
    void shouldLetASandboxBeOne() {
        // Given
        var sandbox = new HashMap<>(PRODUCTION);
        sandbox.putAll(Map.of(
                "ORDERFLOW_ENVIRONMENT", "sandbox",
                "STRIPE_SECRET_KEY", "sk_test_sandbox123",
                "STRIPE_API_BASE", "http://localhost:8099/stripe",
                "STRIPE_WEBHOOK_SECRET", "whsec_sandbox123",
                "AWS_ENDPOINT_URL", "http://localhost:8099",
                "GOOGLE_APPLICATION_CREDENTIALS", "sandbox.json",
                "OIDC_ISSUER_URL", "http://localhost:8099/oauth",
                "ORDERFLOW_BOOTSTRAP_API_KEY", "key-for-tests-00000000000000000000"));

        // When, Then
        assertThat(complaints(sandbox)).isEmpty();
    }

    @Test
    void shouldNotLetASandboxDoWithoutASecret() {
        // Given
        var sandbox = new HashMap<>(with("ORDERFLOW_ENVIRONMENT", "sandbox"));
        sandbox.put("STRIPE_SECRET_KEY", "sk_test_sandbox123");
        sandbox.remove("STRIPE_WEBHOOK_SECRET");

        // When, Then
        assertThat(complaints(sandbox)).singleElement().asString().startsWith("STRIPE_WEBHOOK_SECRET is missing");
    }

    @Test
    void shouldNotLetALiveKeyIntoASandbox() {
        assertThat(complaints(with("ORDERFLOW_ENVIRONMENT", "sandbox")))
                .singleElement()
                .asString()
                .startsWith("STRIPE_SECRET_KEY is a live key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "9f2c41d7b08e5a63f1c47e90ab3d682",
                "0000000000000000000000000000000000000000",
                "aZaZaZ9aZaZaZ9aZaZaZ9aZaZaZ9aZaZaZ9",
                "abcdefghijklmnopqrstuvwxyz0123456789",
                "zyxwvutsrqponmlkjihgfedcba9876543210",
                "correct-horse-9correct-horse-9correct"
            })
    void shouldCallASecretWeak(String secret) {
        assertThat(EnvironmentRules.isWeak(secret)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                STRONG,
                "c3RyZW5ndGgga2VlcHMgcGVvcGxlIGF3YXk",
                "d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427f"
            })
    void shouldCallASecretStrong(String secret) {
        assertThat(EnvironmentRules.isWeak(secret)).isFalse();
    }

    private static Map<String, String> with(String variable, String value) {
        var environment = new HashMap<>(PRODUCTION);
        environment.put(variable, value);
        return environment;
    }

    private static List<String> complaints(Map<String, String> environment) {
        return EnvironmentRules.complaints(setting -> environment.get(setting.variable()), path -> switch (path) {
            case "key.json" -> new KeyFile.Readable("https://oauth2.googleapis.com/token");
            case "sandbox.json" -> new KeyFile.Readable("http://localhost:8099/google/token");
            default -> new KeyFile.Unreadable();
        });
    }
}
