package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.Watch;
import io.orderflow.sandbox.stripe.Request.Access;
import io.orderflow.sandbox.stripe.Request.Cause;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What every call goes through: authentication, version, parameters, idempotency key, operation, answer.
 *
 * <p>What an injected fault means for an idempotency key follows from where it would strike at Stripe:
 *
 * <table>
 *   <caption>Fault and key</caption>
 *   <tr><td>latency, late answer</td><td>the key is in use until the answer is out</td></tr>
 *   <tr><td>status 5xx, before or after the work</td><td>the operation failed while it ran: the 5xx is saved</td></tr>
 *   <tr><td>another status before the work, rate limit, reset</td><td>the operation never began: nothing is
 *       saved</td></tr>
 *   <tr><td>another status after the work, lost, malformed or huge answer</td><td>spoiled on the way: the true answer
 *       is saved</td></tr>
 * </table>
 */
final class Api {

    private static final String ARRIVAL = "stripe.arrival";
    private static final Pattern VERSION = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(\\.[a-z]+)?");
    private static final List<String> SEEN_BY_BROWSERS = List.of(
            "id",
            "object",
            "amount",
            "amount_details",
            "automatic_payment_methods",
            "canceled_at",
            "cancellation_reason",
            "capture_method",
            "client_secret",
            "confirmation_method",
            "created",
            "currency",
            "description",
            "last_payment_error",
            "livemode",
            "next_action",
            "payment_method",
            "payment_method_configuration_details",
            "payment_method_types",
            "processing",
            "receipt_email",
            "setup_future_usage",
            "shipping",
            "source",
            "status");

    private final Keys keys;
    private final Ids ids;
    private final Clock clock;
    private final IdempotencyKeys idempotency;
    private final Expansion expansion;
    private final Map<String, Operation> operations = new HashMap<>();

    Api(Keys keys, Ids ids, Clock clock, IdempotencyKeys idempotency, Expansion expansion) {
        this.keys = keys;
        this.ids = ids;
        this.clock = clock;
        this.idempotency = idempotency;
        this.expansion = expansion;
    }

    void add(Operation operation) {
        operations.put(operation.name(), operation);
    }

    /** Takes in a call, before a fault can strike: from now on its idempotency key is in use. */
    Watch arrive(Call call) {
        var operation = operations.get(call.operation());
        if (operation == null) {
            return Watch.NONE;
        }
        var arrival = new Arrival(call, operation);
        call.context().put(ARRIVAL, arrival);
        return arrival;
    }

    void serve(Call call) {
        Arrival arrival = call.context().get(ARRIVAL);
        call.answer(arrival.answer());
    }

    /** An error as the answer to a call whose request id nobody else needs to know. */
    Reply refusal(ApiError error) {
        return refusal(error, ids.next("req_"), Optional.empty());
    }

    private Reply refusal(ApiError error, String requestId, Optional<String> key) {
        var body = error.error().deepCopy();
        body.put(
                "request_log_url",
                "https://dashboard.stripe.com/test/logs/" + requestId + "?t="
                        + clock.instant().getEpochSecond());
        var answer = Json.object();
        answer.set("error", body);
        var headers = headers(requestId, key);
        if (error.status() == 401) {
            headers.put("WWW-Authenticate", "Basic realm=\"Stripe\"");
        }
        if (error.status() == 429) {
            headers.put("Stripe-Rate-Limited-Reason", "global-rate");
        }
        return new Reply(error.status(), headers, bytes(answer));
    }

    private static byte[] bytes(ObjectNode answer) {
        return answer.toString().getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, String> headers(String requestId, Optional<String> key) {
        var headers = new TreeMap<>(Map.of(
                "Content-Type", "application/json",
                "Request-Id", requestId,
                "Stripe-Version", StripeService.API_VERSION,
                "Cache-Control", "no-cache, no-store",
                "Access-Control-Allow-Origin", "*",
                "Access-Control-Expose-Headers", "Request-Id, Stripe-Manage-Version, Stripe-Should-Retry"));
        key.ifPresent(used -> headers.put("Idempotency-Key", used));
        return headers;
    }

    /** One call on its way through. */
    private final class Arrival implements Watch {

        private final Call call;
        private final Operation operation;
        private final String requestId = ids.next("req_");
        private Optional<String> key = Optional.empty();
        private boolean claimed;
        private boolean begun;
        private Request request;
        private Reply ready;

        Arrival(Call call, Operation operation) {
            this.call = call;
            this.operation = operation;
            try {
                admit();
            } catch (ApiError refused) {
                ready = refusal(refused, requestId, key);
            }
        }

        private void admit() {
            var params = parameters();
            var access = authenticate(params);
            if (access == Access.PUBLISHABLE && !operation.browser()) {
                throw ApiError.invalid(
                                401,
                                "This API call cannot be made with a publishable API key. Please use a"
                                        + " secret API key. You can find a list of your API keys at"
                                        + " https://dashboard.stripe.com/account/apikeys.")
                        .code("secret_key_required");
            }
            call.header("Stripe-Version")
                    .filter(version -> !VERSION.matcher(version).matches())
                    .ifPresent(version -> {
                        throw ApiError.invalid("Invalid Stripe API version: " + version);
                    });
            if (operation.method() == HttpMethod.POST) {
                key = call.header("Idempotency-Key");
            }
            request = new Request(call, access, params, new Cause(requestId, key.orElse(null)));
            key.ifPresent(this::claim);
        }

        private Params parameters() {
            var query = Optional.ofNullable(call.request().query()).orElse("");
            if (operation.method() == HttpMethod.GET) {
                return Params.parse(query);
            }
            var body = new String(call.body(), StandardCharsets.UTF_8);
            if (!body.isBlank()
                    && !call.header("Content-Type").orElse("").startsWith("application/x-www-form-urlencoded")) {
                throw ApiError.invalid("Invalid request (check that your POST content type is"
                        + " application/x-www-form-urlencoded). If you have any questions, we can help at"
                        + " https://support.stripe.com/.");
            }
            return Params.parse(query, body);
        }

        private Access authenticate(Params params) {
            // Stripe.js, and nobody else, gives its key as a parameter.
            var given = key(call.header("Authorization").orElse("")).or(() -> params.text("key"));
            params.tree().remove("key");
            if (given.isEmpty()) {
                throw ApiError.invalid(
                        401,
                        "You did not provide an API key. You need to provide your API key in the"
                                + " Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See"
                                + " https://stripe.com/docs/api#authentication for details, or we can help at"
                                + " https://support.stripe.com/.");
            }
            if (equal(given.get(), keys.secret())) {
                return Access.SECRET;
            }
            if (equal(given.get(), keys.publishable())) {
                return Access.PUBLISHABLE;
            }
            throw ApiError.invalid(401, "Invalid API Key provided: " + masked(given.get()));
        }

        private Optional<String> key(String authorization) {
            if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
                return Optional.of(authorization.substring(7).trim());
            }
            if (authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
                try {
                    var decoded = Base64.getDecoder()
                            .decode(authorization.substring(6).trim());
                    return Optional.of(new String(decoded, StandardCharsets.UTF_8).split(":", 2)[0]);
                } catch (IllegalArgumentException e) {
                    return Optional.of("");
                }
            }
            return Optional.empty();
        }

        private void claim(String key) {
            if (key.isEmpty() || key.length() > IdempotencyKeys.MAX_LENGTH) {
                throw ApiError.idempotency(
                        "Idempotency keys must be between 1 and " + IdempotencyKeys.MAX_LENGTH + " characters long.");
            }
            var path = call.request().path().substring("/stripe".length());
            var parameters = digest(request.access() + request.params().canonical());
            switch (idempotency.claim(key, path, parameters)) {
                case IdempotencyKeys.Claim.Fresh() -> claimed = true;
                case IdempotencyKeys.Claim.InUse() -> {
                    var error = ApiError.invalid(
                                    409,
                                    "There is currently another in-progress request using this"
                                            + " Idempotent Key (that probably means you submitted twice, and the other request"
                                            + " is still going through): " + key + ". Please try again later.")
                            .code("idempotency_key_in_use");
                    ready = refusal(error, requestId, this.key).with("Stripe-Should-Retry", "true");
                }
                case IdempotencyKeys.Claim.OtherPath(String first) ->
                    throw ApiError.idempotency("Keys for idempotent requests can only be used for the same endpoint"
                            + " they were first used for ('" + path + "' vs '" + first + "'). Try using a key other"
                            + " than '" + key + "' if you meant to execute a different request.");
                case IdempotencyKeys.Claim.OtherParameters() ->
                    throw ApiError.idempotency("Keys for idempotent requests can only be used with the same parameters"
                            + " they were first used with. Try using a key other than '" + key
                            + "' if you meant to execute a different request.");
                case IdempotencyKeys.Claim.Answered(int status, byte[] body, String original) -> {
                    var headers = headers(requestId, this.key);
                    headers.put("Idempotent-Replayed", "true");
                    headers.put("Original-Request", original);
                    if (status >= 400) {
                        headers.put("Stripe-Should-Retry", "false");
                    }
                    ready = new Reply(status, headers, body);
                }
            }
        }

        private Reply answer() {
            if (ready != null) {
                return ready;
            }
            try {
                var expand = request.params().items("expand");
                operation.schema().check(request.params());
                expansion.check(operation.shape(), expand);
                begun = true;
                var body = operation.work().apply(request);
                expansion.apply(operation.shape(), body, expand);
                return answered(new Reply(200, headers(requestId, key), bytes(visible(body))));
            } catch (ApiError refused) {
                if (refused.error().get("payment_intent") instanceof ObjectNode intent) {
                    refused.with("payment_intent", visible(intent));
                }
                return answered(refusal(refused, requestId, key));
            }
        }

        private Reply answered(Reply reply) {
            if (claimed && begun) {
                var original = reply.with("Original-Request", requestId);
                return reply.status() < 400 ? original : original.with("Stripe-Should-Retry", "false");
            }
            return reply;
        }

        /** A browser does not get to see all of an intent. */
        private ObjectNode visible(ObjectNode body) {
            return request.access() == Access.PUBLISHABLE && Document.is(body, "object", "payment_intent")
                    ? body.deepCopy().retain(SEEN_BY_BROWSERS)
                    : body;
        }

        @Override
        public void refused(Optional<Reply> told) {
            told.filter(reply -> claimed && reply.status() >= 500).ifPresent(this::save);
        }

        @Override
        public void worked(Reply answer, Optional<Reply> instead) {
            if (claimed && begun) {
                save(instead.filter(reply -> reply.status() >= 500).orElse(answer));
            }
        }

        private void save(Reply answer) {
            idempotency.save(key.orElseThrow(), answer, answer.headers().getOrDefault("Request-Id", requestId));
        }

        @Override
        public void ended() {
            if (claimed) {
                idempotency.done(key.orElseThrow());
            }
        }
    }

    private static boolean equal(String given, String known) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), known.getBytes(StandardCharsets.UTF_8));
    }

    private static String masked(String key) {
        return key.length() <= 12
                ? "*".repeat(key.length())
                : key.substring(0, 8) + "*".repeat(key.length() - 12) + key.substring(key.length() - 4);
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
