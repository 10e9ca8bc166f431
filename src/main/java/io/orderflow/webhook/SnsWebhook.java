package io.orderflow.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.api.Problem;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Order;
import io.orderflow.domain.Task;
import io.orderflow.ledger.AwsConfig;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.orderflow.monitoring.Counters;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.jboss.logging.Logger;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * The messages of an SNS subscription over HTTP, verified as Amazon's page "Verifying the signatures of Amazon SNS
 * messages" says. Only the topics of this Orderflow are believed, and no address in a message is asked unless it is that
 * of SNS itself.
 */
@ApplicationScoped
@Named("snsWebhook")
@RegisterForReflection
public class SnsWebhook {

    /** SNS tries for an hour at most, and every retry keeps the first timestamp. */
    private static final Duration TOLERANCE = Duration.ofMinutes(65);

    /** How far ahead of ours the clock of SNS may be. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final List<String> SIGNED_OF_NOTIFICATION =
            List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
    private static final List<String> SIGNED_OF_CONFIRMATION =
            List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");

    /** How SNS names its certificates. */
    private static final Pattern CERTIFICATE = Pattern.compile("/SimpleNotificationService-[0-9A-Za-z]+\\.pem$");

    private static final String INTEGRATION = "sns";

    private static final Logger LOG = Logger.getLogger(SnsWebhook.class);

    private final String orderTopic;
    private final List<String> topics;
    private final SnsClient sns;
    private final SigningCertificates certificates;
    private final ObjectMapper mapper;
    private final OrderTable orders;
    private final Counters counters;
    private final Clock clock;

    SnsWebhook(
            AwsConfig config,
            SnsClient sns,
            SigningCertificates certificates,
            ObjectMapper mapper,
            OrderTable orders,
            Counters counters,
            Clock clock) {
        this.orderTopic = config.orderTopicArn();
        this.topics = List.of(config.orderTopicArn(), config.alertTopicArn());
        this.sns = sns;
        this.certificates = certificates;
        this.mapper = mapper;
        this.orders = orders;
        this.counters = counters;
        this.clock = clock;
    }

    /** What SNS sends. */
    public enum Type {
        SUBSCRIPTION_CONFIRMATION,
        NOTIFICATION,
        UNSUBSCRIBE_CONFIRMATION
    }

    /**
     * A message that is verified.
     *
     * @param token what confirms the subscription; null in a notification
     */
    @RegisterForReflection
    public record Message(Type type, String topicArn, String messageId, String text, String token) {}

    /**
     * Verifies a message.
     *
     * @throws Problem when it is not of SNS, not of one of our topics, or too old
     */
    public Message verified(@Body byte[] body) {
        var json = read(body);
        var type = type(json);
        var topic = json.path("TopicArn").asText();
        if (!topics.contains(topic)) {
            throw Problem.badSignature("It is not of a topic of this Orderflow.");
        }
        if (!isTimely(json.path("Timestamp").asText())) {
            throw Problem.badSignature("It is too old.");
        }
        var certificate = certificates.get(address(json.path("SigningCertURL").asText(), topic));
        try {
            certificate.checkValidity(Date.from(clock.instant()));
            var verifier = Signature.getInstance(
                    algorithm(json.path("SignatureVersion").asText()));
            verifier.initVerify(certificate);
            verifier.update(signed(json, type).getBytes(StandardCharsets.UTF_8));
            if (!verifier.verify(
                    Base64.getDecoder().decode(json.path("Signature").asText()))) {
                throw Problem.badSignature("It was not made by SNS, or was changed on its way.");
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw Problem.badSignature("It cannot be verified: " + e.getMessage());
        }
        return new Message(
                type,
                topic,
                json.path("MessageId").asText(),
                json.path("Message").asText(),
                json.path("Token").asText(null));
    }

    private JsonNode read(byte[] body) {
        if (body == null) {
            throw Problem.malformed("The body is missing; it must be a message of SNS.");
        }
        try {
            var json = mapper.readTree(body);
            if (json == null || !json.has("Signature")) {
                throw Problem.badSignature("The body has none. Switch raw message delivery off.");
            }
            return json;
        } catch (IOException e) {
            throw Problem.malformed("The message is no JSON.");
        }
    }

    private static Type type(JsonNode json) {
        return switch (json.path("Type").asText()) {
            case "Notification" -> Type.NOTIFICATION;
            case "SubscriptionConfirmation" -> Type.SUBSCRIPTION_CONFIRMATION;
            case "UnsubscribeConfirmation" -> Type.UNSUBSCRIBE_CONFIRMATION;
            default -> throw Problem.badSignature("Its Type is none that SNS has.");
        };
    }

    private boolean isTimely(String timestamp) {
        try {
            var age = Duration.between(Instant.parse(timestamp), clock.instant());
            return age.compareTo(TOLERANCE) <= 0 && age.plus(SKEW).isPositive();
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    /** Where the certificate is, if it is where SNS has its own: anyone can write an address into a message. */
    private URI address(String text, String topic) {
        try {
            var url = new URI(text);
            if (url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null
                    && url.getPath() != null
                    && CERTIFICATE.matcher(url.getPath()).find()
                    && (isOfAws(url, topic) || isOfEndpoint(url))) {
                return url;
            }
        } catch (URISyntaxException e) {
            LOG.debugf("A SigningCertURL that is none: %s", e.getMessage());
        }
        throw Problem.badSignature("Its SigningCertURL is not at SNS.");
    }

    /** Of the topic's own region: other names of the same pattern can be other services, buckets of S3 say. */
    static boolean isOfAws(URI url, String topic) {
        var arn = topic.split(":");
        var host = "sns." + arn[3] + ".amazonaws.com" + (arn[1].equals("aws-cn") ? ".cn" : "");
        return "https".equals(url.getScheme()) && host.equals(url.getHost()) && url.getPort() == -1;
    }

    private boolean isOfEndpoint(URI url) {
        return sns.serviceClientConfiguration()
                .endpointOverride()
                .filter(endpoint -> Objects.equals(endpoint.getScheme(), url.getScheme())
                        && Objects.equals(endpoint.getHost(), url.getHost())
                        && endpoint.getPort() == url.getPort())
                .isPresent();
    }

    private static String algorithm(String version) {
        return switch (version) {
            case "1" -> "SHA1withRSA";
            case "2" -> "SHA256withRSA";
            default -> throw Problem.badSignature("Its SignatureVersion is neither 1 nor 2.");
        };
    }

    private static String signed(JsonNode json, Type type) {
        var names = type == Type.NOTIFICATION ? SIGNED_OF_NOTIFICATION : SIGNED_OF_CONFIRMATION;
        return names.stream()
                .filter(json::hasNonNull)
                .flatMap(name -> Stream.of(name, json.get(name).asText()))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /**
     * Confirms a subscription, by the API of SNS and not by the address in the message.
     *
     * @throws Problem when SNS does not answer
     */
    public void confirm(@Body Message message) {
        try {
            sns.confirmSubscription(
                    confirm -> confirm.topicArn(message.topicArn()).token(message.token()));
            LOG.infof("The subscription to %s is confirmed", message.topicArn());
        } catch (AwsServiceException e) {
            if (e.statusCode() >= 500 || e.isThrottlingException()) {
                throw Problem.unavailable("SNS cannot confirm the subscription now.");
            }
            LOG.warnf("The subscription to %s was not confirmed: %s", message.topicArn(), e.getMessage());
        } catch (SdkException e) {
            throw Problem.unavailable("SNS cannot confirm the subscription now.");
        }
    }

    /**
     * Takes a notification of the order topic as the proof that its event was published.
     *
     * @return the order as it is now, or null when the notification is of none
     */
    public Order apply(@Body Message message) {
        if (!message.topicArn().equals(orderTopic)) {
            return null;
        }
        try {
            var event = mapper.readTree(message.text());
            return published(event.path("subject").asText(), event.path("id").asText(), message.messageId());
        } catch (JsonProcessingException e) {
            LOG.debugf("A notification of the order topic that is not ours: %s", e.getMessage());
            return null;
        }
    }

    private Order published(String orderId, String eventId, String messageId) {
        if (!OrderId.isOne(orderId)) {
            return null;
        }
        var before = new AtomicReference<Order>();
        var written = orders.update(orderId, order -> {
            before.set(order);
            return DeliveryRules.taken(order, new Task(eventId, INTEGRATION), messageId, List.of(), clock.instant());
        });
        written.ifPresent(after -> counters.proven(before.get(), after));
        return written.orElse(null);
    }
}
