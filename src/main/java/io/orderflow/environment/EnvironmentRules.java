package io.orderflow.environment;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the environment must hold. Everything is production that does not say that it is a sandbox, so that what is
 * forgotten is refused, and not allowed. No complaint repeats a value.
 */
final class EnvironmentRules {

    static final Setting ENVIRONMENT = Setting.of("ORDERFLOW_ENVIRONMENT", "orderflow.environment");
    static final Setting CREDENTIALS = Setting.of("GOOGLE_APPLICATION_CREDENTIALS", "orderflow.google.credentials");

    private static final int SHORTEST_SECRET = 32;
    private static final int FEWEST_LETTERS = 8;

    private static final Setting STRIPE_KEY = Setting.of("STRIPE_SECRET_KEY", "orderflow.stripe.secret-key");
    private static final Setting STRIPE_WEBHOOK =
            Setting.of("STRIPE_WEBHOOK_SECRET", "orderflow.stripe.webhook-secret");
    private static final Setting SENDGRID_KEY = Setting.of("SENDGRID_API_KEY", "orderflow.sendgrid.api-key");
    private static final Setting ISSUER = Setting.of("OIDC_ISSUER_URL", "quarkus.oidc.auth-server-url");
    private static final Setting HASH_SECRET =
            Setting.of("ORDERFLOW_KEY_HASH_SECRET", "orderflow.security.key-hash-secret");
    private static final Setting BOOTSTRAP_KEY =
            Setting.of("ORDERFLOW_BOOTSTRAP_API_KEY", "orderflow.security.bootstrap-api-key");
    private static final Setting ORDER_EVENTS_QUEUE =
            Setting.of("ORDER_EVENTS_QUEUE", "orderflow.aws.order-events-queue");
    private static final Setting DEAD_LETTER_QUEUE = Setting.of("DEAD_LETTER_QUEUE", "orderflow.aws.dead-letter-queue");
    private static final Setting ORDER_TOPIC = Setting.of("ORDER_TOPIC_ARN", "orderflow.aws.order-topic-arn");
    private static final Setting ALERT_TOPIC = Setting.of("ALERT_TOPIC_ARN", "orderflow.aws.alert-topic-arn");

    /** What is needed everywhere, and how to come by it. */
    private static final List<Map.Entry<Setting, String>> NEEDED = List.of(
            Map.entry(Setting.of("ORDERS_TABLE", "orderflow.aws.orders-table"), "the name of the DynamoDB table"),
            Map.entry(ORDER_EVENTS_QUEUE, "the URL of the SQS queue that wakes the worker"),
            Map.entry(DEAD_LETTER_QUEUE, "the URL of the SQS queue for notices of dead letters"),
            Map.entry(ORDER_TOPIC, "the ARN of the SNS topic for orders"),
            Map.entry(ALERT_TOPIC, "the ARN of the SNS topic for operators"),
            Map.entry(STRIPE_KEY, "the secret key of the Stripe account"),
            Map.entry(STRIPE_WEBHOOK, "the signing secret of Stripe's webhook endpoint"),
            Map.entry(SENDGRID_KEY, "an API key of SendGrid that may send mail"),
            Map.entry(
                    Setting.of("SENDGRID_FROM_EMAIL", "orderflow.sendgrid.from-email"),
                    "a sender that is verified at SendGrid"),
            Map.entry(
                    Setting.of("SENDGRID_WEBHOOK_PUBLIC_KEY", "orderflow.sendgrid.webhook-public-key"),
                    "the verification key of SendGrid's event webhook"),
            Map.entry(CREDENTIALS, "the path of the service account's key file"),
            Map.entry(
                    Setting.of("GOOGLE_SHEETS_SPREADSHEET_ID", "orderflow.google.spreadsheet-id"),
                    "the id of the spreadsheet"),
            Map.entry(ISSUER, "the https address of the OpenID Connect issuer"),
            Map.entry(HASH_SECRET, SHORTEST_SECRET + " random characters or more, and keep it"));

    /** What may lead elsewhere than to the real service. */
    private static final List<Setting> ADDRESSES = Stream.concat(
                    Stream.of(
                            ISSUER,
                            Setting.of("STRIPE_API_BASE", "orderflow.stripe.api-base"),
                            Setting.of("SENDGRID_API_BASE", "orderflow.sendgrid.api-base"),
                            Setting.of("GOOGLE_SHEETS_API_BASE", "orderflow.google.sheets-api-base"),
                            Setting.of("QUARKUS_DYNAMODB_ENDPOINT_OVERRIDE", "quarkus.dynamodb.endpoint-override")),
                    // As the AWS SDK names the same settings in the environment and among the system properties.
                    Map.of(
                                    "AWS_ENDPOINT_URL", "aws.endpointUrl",
                                    "AWS_ENDPOINT_URL_DYNAMODB", "aws.endpointUrlDynamoDb",
                                    "AWS_ENDPOINT_URL_SQS", "aws.endpointUrlSqs",
                                    "AWS_ENDPOINT_URL_SNS", "aws.endpointUrlSns",
                                    "AWS_ENDPOINT_URL_CLOUDWATCH", "aws.endpointUrlCloudWatch",
                                    "AWS_ENDPOINT_URL_SECRETS_MANAGER", "aws.endpointUrlSecretsManager")
                            .entrySet()
                            .stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(name -> Setting.of(name.getKey(), name.getValue())))
            .toList();

    private static final String TRUE_ONE = "is the sandbox's own. Set it to the true one.";

    private final Function<Setting, String> values;
    private final Function<String, KeyFile> keyFiles;
    private final List<String> complaints = new ArrayList<>();

    private EnvironmentRules(Function<Setting, String> values, Function<String, KeyFile> keyFiles) {
        this.values = values;
        this.keyFiles = keyFiles;
    }

    /**
     * All that is wrong, each naming its variable and the remedy.
     *
     * @param values null where a setting has no value
     * @param keyFiles looks into the key file at a path
     */
    static List<String> complaints(Function<Setting, String> values, Function<String, KeyFile> keyFiles) {
        var rules = new EnvironmentRules(values, keyFiles);
        rules.check();
        return List.copyOf(rules.complaints);
    }

    private void check() {
        NEEDED.forEach(needed -> {
            if (isBlank(needed.getKey())) {
                complain(needed.getKey(), "is missing. Set it to " + needed.getValue() + ".");
            }
        });
        if (!isBlank(CREDENTIALS) && keyFile() instanceof KeyFile.Unreadable) {
            complain(CREDENTIALS, "names no key file that can be read. Set it to the path of one.");
        }
        switch (value(ENVIRONMENT)) {
            case "production" -> checkProduction();
            case "sandbox" ->
                refuse(
                        STRIPE_KEY,
                        key -> isLive(key),
                        "is a live key. A sandbox, or Stripe's test mode, has no use for one.");
            default -> complain(ENVIRONMENT, "must be production, which it is when it is not set, or sandbox.");
        }
    }

    private void checkProduction() {
        ADDRESSES.forEach(address -> refuse(
                address,
                EnvironmentRules::isUnsafe,
                "must begin with https:// and not lead to this machine. Correct it, or take it out for the default."));
        refuse(STRIPE_KEY, key -> !isLive(key), "is no live key. Set it to one that begins with sk_live_ or rk_live_.");
        refuseAny(STRIPE_WEBHOOK, secret -> secret.startsWith("whsec_sandbox"), TRUE_ONE);
        refuseAny(
                STRIPE_WEBHOOK,
                secret -> !secret.startsWith("whsec_sandbox") && !secret.matches("whsec_.{16,}"),
                "is none that Stripe gives. Set it to the endpoint's signing secret, which begins with whsec_.");
        refuse(SENDGRID_KEY, key -> key.startsWith("SG.sandbox"), TRUE_ONE);
        refuse(
                SENDGRID_KEY,
                key -> !key.startsWith("SG.sandbox") && !key.matches("SG\\..{16,}"),
                "is none that SendGrid gives. Set it to an API key, which begins with SG.");
        refuse(
                Setting.of("REDIS_URL", "orderflow.redis-url"),
                url -> !url.startsWith("rediss://") || isUnsafe("https" + url.substring("rediss".length())),
                "must begin with rediss:// and not lead to this machine. Correct it, or take it out.");
        refuseAny(
                Setting.of("CORS_ORIGINS", "orderflow.http.cors-origins"),
                EnvironmentRules::isUnsafe,
                "must be origins that begin with https://, and not this machine. Correct it, or take it out.");
        refuse(Setting.of("AWS_ACCESS_KEY_ID", "aws.accessKeyId"), key -> key.startsWith("SANDBOX"), TRUE_ONE);
        for (var queue : List.of(ORDER_EVENTS_QUEUE, DEAD_LETTER_QUEUE)) {
            refuse(queue, url -> url.contains("://") && isUnsafe(url), TRUE_ONE);
        }
        for (var topic : List.of(ORDER_TOPIC, ALERT_TOPIC)) {
            refuse(topic, arn -> arn.contains(":000000000000:"), TRUE_ONE);
        }
        if (!isBlank(CREDENTIALS) && keyFile() instanceof KeyFile.Readable(var tokenUri) && isUnsafe(tokenUri)) {
            complain(CREDENTIALS, "names a key file whose token_uri is not https. Set it to the path of the true one.");
        }
        refuseAny(HASH_SECRET, secret -> secret.startsWith("sandbox-"), TRUE_ONE);
        for (var secret : List.of(HASH_SECRET, BOOTSTRAP_KEY)) {
            refuseAny(
                    secret,
                    EnvironmentRules::isWeak,
                    "is weak. Set it to " + SHORTEST_SECRET
                            + " random characters or more; `openssl rand -hex 32` makes such a one.");
        }
    }

    private void refuse(Setting setting, Predicate<String> which, String why) {
        if (!isBlank(setting) && which.test(value(setting))) {
            complain(setting, why);
        }
    }

    /** The same for what may be several, separated by commas. */
    private void refuseAny(Setting setting, Predicate<String> which, String why) {
        refuse(setting, all -> Stream.of(all.split(",")).map(String::strip).anyMatch(which), why);
    }

    private void complain(Setting setting, String what) {
        complaints.add(setting.variable() + " " + what);
    }

    private boolean isBlank(Setting setting) {
        return value(setting).replace(",", "").isBlank();
    }

    private String value(Setting setting) {
        var value = values.apply(setting);
        return value == null ? "" : value.strip();
    }

    private KeyFile keyFile() {
        return keyFiles.apply(value(CREDENTIALS));
    }

    private static boolean isLive(String stripeKey) {
        return stripeKey.startsWith("sk_live_") || stripeKey.startsWith("rk_live_");
    }

    /** Whether what is sent there could be read by others, or stays on this machine. */
    static boolean isUnsafe(String address) {
        try {
            var uri = URI.create(address);
            var host = uri.getHost();
            return !"https".equalsIgnoreCase(uri.getScheme())
                    || host == null
                    || host.equalsIgnoreCase("localhost")
                    || host.toLowerCase(Locale.ROOT).endsWith(".localhost")
                    || host.startsWith("127.")
                    || host.equals("0.0.0.0")
                    || host.equals("[::1]");
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** Whether a secret could be guessed: too short, of few letters, a run such as 12345678, or the same over and over. */
    static boolean isWeak(String secret) {
        var length = secret.length();
        return length < SHORTEST_SECRET
                || secret.chars().distinct().count() < FEWEST_LETTERS
                || IntStream.range(1, length).filter(i -> isStep(secret, i)).count() * 2 >= length - 1
                || IntStream.rangeClosed(1, length / 2)
                        .anyMatch(period -> secret.regionMatches(0, secret, period, length - period));
    }

    private static boolean isStep(String secret, int at) {
        return Math.abs(secret.charAt(at) - secret.charAt(at - 1)) <= 1;
    }
}
