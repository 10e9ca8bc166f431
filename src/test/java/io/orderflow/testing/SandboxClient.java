package io.orderflow.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What tests ask of the sandbox: what really happened, faults, and to pay like a customer. */
public final class SandboxClient {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String base;

    public SandboxClient(String base) {
        this.base = base;
    }

    /** What one service really did. */
    public JsonNode effects(String service) {
        return send(request("/sandbox/effects/" + service).GET());
    }

    /** How often each operation of each service was asked for since {@link #resetCalls}. */
    public JsonNode calls() {
        return send(request("/sandbox/calls").GET());
    }

    /** The webhooks that were sent or are owed, oldest first. */
    public JsonNode webhooks() {
        return send(request("/sandbox/webhooks").GET());
    }

    public void resetCalls() {
        send(request("/sandbox/calls").DELETE());
    }

    /**
     * Switches a fault on; {@code rule} as the sandbox's faults endpoint takes it.
     *
     * @return its id
     */
    public String fault(Map<String, Object> rule) {
        return control("/sandbox/faults", rule).path("id").asText();
    }

    /** Switches one fault off. */
    public void endFault(String id) {
        send(request("/sandbox/faults/" + id).DELETE());
    }

    /** Switches one fault off, and drops the calls that it holds instead of letting them go on. */
    public void dropHeld(String id) {
        send(request("/sandbox/faults/" + id + "?held=drop").DELETE());
    }

    /** By id the faults that are switched on, each with how many calls it has struck and how many it holds. */
    public JsonNode faults() {
        return send(request("/sandbox/faults").GET());
    }

    /** Posts to one of the sandbox's own endpoints. */
    public JsonNode control(String path, Map<String, Object> body) {
        try {
            return send(request(path).POST(HttpRequest.BodyPublishers.ofString(MAPPER.writeValueAsString(body))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void clearFaults() {
        send(request("/sandbox/faults").DELETE());
    }

    /** Confirms a payment as Stripe.js does in the customer's browser, with one of Stripe's test payment methods. */
    public JsonNode pay(String publishableKey, String intentId, String clientSecret, String paymentMethod) {
        var form = Map.of("client_secret", clientSecret, "payment_method", paymentMethod);
        return send(HttpRequest.newBuilder(URI.create(base + "/stripe/v1/payment_intents/" + intentId + "/confirm"))
                .header("Authorization", "Bearer " + publishableKey)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encode(form))));
    }

    /** The intents that were opened for an order. */
    public List<JsonNode> intentsOf(String orderId) {
        return effects("stripe")
                .path("paymentIntents")
                .valueStream()
                .filter(intent -> intent.path("orderId").asText().equals(orderId))
                .toList();
    }

    /** The mails that were sent for an order, by event type. */
    public List<String> mailsOf(String orderId) {
        return effects("sendgrid")
                .path("mails")
                .valueStream()
                .filter(mail ->
                        mail.path("customArgs").path("order_id").asText().equals(orderId))
                .map(mail -> mail.path("customArgs").path("event_type").asText())
                .toList();
    }

    /** The notifications that were published for an order, by CloudEvents id. */
    public List<JsonNode> notificationsOf(String orderId) {
        return effects("sns")
                .path("messages")
                .valueStream()
                .filter(message -> message.path("topicArn").asText().endsWith(":order-events"))
                .map(message -> parse(message.path("message").asText()))
                .filter(event -> event.path("subject").asText().equals(orderId))
                .toList();
    }

    /** The alerts of one integration and cause, oldest first. */
    public List<JsonNode> alertsOf(String integration, String cause) {
        return effects("sns")
                .path("messages")
                .valueStream()
                .filter(message -> message.path("topicArn").asText().endsWith(":order-alerts"))
                .map(message -> message.path("message").asText())
                .filter(message -> message.startsWith("{"))
                .map(SandboxClient::parse)
                .filter(alert -> alert.path("integration").asText().equals(integration)
                        && alert.path("cause").asText().equals(cause))
                .toList();
    }

    /** The cells of every row of the spreadsheet that shows the order. */
    public List<JsonNode> rowsOf(String orderId) {
        return effects("google-sheets")
                .path("spreadsheets")
                .valueStream()
                .flatMap(
                        spreadsheet -> spreadsheet.path("sheets").path("Orders").valueStream())
                .filter(row -> row.path(0).asText().equals(orderId))
                .toList();
    }

    /**
     * An access token of one of the issuer's programs: {@code shop}, {@code ops-robot}, or one that a test registered.
     *
     * @param scopes all that the client may have when there are none
     */
    public String accessToken(String clientId, String... scopes) {
        var secret = send(request("/sandbox/oauth/clients"))
                .valueStream()
                .filter(client -> client.path("clientId").asText().equals(clientId))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No client " + clientId))
                .path("clientSecret")
                .asText();
        var form = Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                clientId,
                "client_secret",
                secret,
                "scope",
                String.join(" ", scopes));
        var answer = send(request("/oauth/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encode(form))));
        if (!answer.has("access_token")) {
            throw new AssertionError("No token for " + clientId + ": " + answer);
        }
        return answer.path("access_token").asText();
    }

    /** A token made to measure, as the sandbox's {@code POST /sandbox/oauth/mint} takes it; valid with an empty wish. */
    public String mint(Map<String, Object> wish) {
        return control("/sandbox/oauth/mint", wish).path("token").asText();
    }

    /** Has the issuer sign with a new key; the one before stays published until the next rotation. */
    public void rotateKey() {
        control("/sandbox/oauth/rotate", Map.of());
    }

    private static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    private static JsonNode send(HttpRequest.Builder request) {
        try {
            var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300 && answer.uri().getPath().startsWith("/sandbox/")) {
                throw new AssertionError(answer.uri() + " answered " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body().isEmpty() ? MAPPER.missingNode() : parse(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
