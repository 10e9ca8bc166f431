package io.orderflow.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.Stripe;
import com.stripe.model.Customer;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentIntentCollection;
import com.stripe.model.PaymentIntentSearchResult;
import com.stripe.model.Subscription;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the component asks of Stripe, and what it makes of the answer. */
class StripeProducerTest {

    private static final String INTENTS = "stripe:paymentIntents";

    private final String key = FakeStripe.key();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private FakeStripe stripe;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        stripe = new FakeStripe();
        var component = camel.getComponent("stripe", StripeComponent.class);
        component.setApiKey(key);
        component.setApiBase(stripe.url());
        camel.start();
        template = camel.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        camel.stop();
        stripe.close();
    }

    @Test
    void shouldCreateWithNestedParametersAsAForm() {
        // Given
        stripe.answers(200, """
                {"id": "pi_1", "object": "payment_intent", "amount": 1099, "status": "requires_payment_method"}""");
        var parameters = Map.<String, Object>of(
                "amount",
                1099L,
                "currency",
                "eur",
                "metadata",
                Map.of("order_id", "a&b=c d", "größe", "ü"),
                "payment_method_types",
                List.of("card", "sepa_debit"),
                "capture_method",
                "manual");

        // When
        var answer = template.requestBody(INTENTS, parameters);

        // Then
        assertThat(answer).isInstanceOfSatisfying(PaymentIntent.class, intent -> {
            assertThat(intent.getId()).isEqualTo("pi_1");
            assertThat(intent.getAmount()).isEqualTo(1099);
        });
        var request = stripe.request();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/v1/payment_intents");
        assertThat(request.header("Content-Type")).startsWith("application/x-www-form-urlencoded");
        assertThat(request.form())
                .containsOnly(
                        Map.entry("amount", "1099"),
                        Map.entry("currency", "eur"),
                        Map.entry("metadata[order_id]", "a&b=c d"),
                        Map.entry("metadata[größe]", "ü"),
                        Map.entry("payment_method_types[0]", "card"),
                        Map.entry("payment_method_types[1]", "sepa_debit"),
                        Map.entry("capture_method", "manual"));
    }

    @Test
    void shouldSayWhoItIsAndWhichVersionItSpeaks() {
        // When
        template.requestBody(INTENTS, (Object) null);

        // Then
        var request = stripe.request();
        assertThat(request.header("Authorization")).isEqualTo("Bearer " + key);
        assertThat(request.header("Stripe-Version")).isEqualTo(Stripe.API_VERSION);
        assertThat(request.header("User-Agent")).isEqualTo("Stripe/v1 JavaBindings/" + Stripe.VERSION);
        assertThat(request.header("X-Stripe-Client-User-Agent")).contains("\"bindings.version\"");
    }

    static final List<Object> JSON_BODIES = Stream.of("""
                    {"amount": 1099, "rate": 0.10, "large": 12345678901234567890.12, "on": true, "of": null,
                     "metadata": {"n": 7}}""")
            .<Object>mapMulti((json, to) -> {
                to.accept(json);
                to.accept(json.getBytes(StandardCharsets.UTF_8));
                to.accept(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
            })
            .toList();

    @ParameterizedTest
    @FieldSource("JSON_BODIES")
    void shouldTakeJsonWithItsNumbersAsWritten(Object body) {
        // When
        template.requestBody(INTENTS, body);

        // Then
        assertThat(stripe.request().form())
                .containsOnly(
                        Map.entry("amount", "1099"),
                        Map.entry("rate", "0.10"),
                        Map.entry("large", "12345678901234567890.12"),
                        Map.entry("on", "true"),
                        Map.entry("of", ""),
                        Map.entry("metadata[n]", "7"));
    }

    @Test
    void shouldTakeExactDecimalsOfAMap() {
        // When
        template.requestBody("stripe:prices", Map.of("unit_amount_decimal", new BigDecimal("0.10")));

        // Then
        assertThat(stripe.request().form()).containsOnly(Map.entry("unit_amount_decimal", "0.10"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "{}"})
    void shouldTakeAnEmptyBodyAsNoParameters(String body) {
        // When
        template.requestBody("stripe:customers", body);

        // Then
        assertThat(stripe.request().method()).isEqualTo("POST");
        assertThat(stripe.request().body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "charges, capture, POST, /v1/charges/id_1/capture",
        "customers, delete, DELETE, /v1/customers/id_1",
        "paymentIntents, retrieve, GET, /v1/payment_intents/id_1",
        "paymentIntents, update, POST, /v1/payment_intents/id_1",
        "paymentIntents, cancel, POST, /v1/payment_intents/id_1/cancel",
        "paymentIntents, capture, POST, /v1/payment_intents/id_1/capture",
        "paymentMethods, retrieve, GET, /v1/payment_methods/id_1",
        "refunds, cancel, POST, /v1/refunds/id_1/cancel",
        "subscriptions, cancel, DELETE, /v1/subscriptions/id_1",
        "balanceTransactions, retrieve, GET, /v1/balance_transactions/id_1"
    })
    void shouldWorkOnTheObjectOfTheHeader(String operation, String method, String verb, String path) {
        // When
        template.requestBodyAndHeaders("stripe:" + operation, null, headers(method, "id_1"));

        // Then
        assertThat(stripe.request().method()).isEqualTo(verb);
        assertThat(stripe.request().path()).isEqualTo(path);
    }

    @Test
    void shouldTellOfADeletedObject() {
        // Given
        stripe.answers(200, """
                {"id": "cus_1", "object": "customer", "deleted": true}""");

        // When
        var answer = template.requestBodyAndHeaders("stripe:customers", null, headers("delete", "cus_1"));

        // Then
        assertThat(answer).isInstanceOfSatisfying(Customer.class, customer -> assertThat(customer.getDeleted())
                .isTrue());
    }

    @Test
    void shouldSendTheParametersOfACancellationThatIsADelete() {
        // When
        var answer = template.requestBodyAndHeaders(
                "stripe:subscriptions", Map.of("prorate", true), headers("cancel", "sub_1"));

        // Then
        assertThat(answer).isInstanceOf(Subscription.class);
        assertThat(stripe.request().parameters()).containsOnly(Map.entry("prorate", "true"));
        assertThat(stripe.request().body()).isEmpty();
    }

    @Test
    void shouldListWithParametersInTheQuery() {
        // Given
        stripe.answers(200, page(false, "pi_1", "pi_2"));

        // When
        var answer = template.requestBodyAndHeader(
                INTENTS,
                Map.of("limit", 2, "created", Map.of("gte", 1700000000)),
                StripeConstants.METHOD_HEADER,
                "list");

        // Then
        assertThat(answer).isInstanceOfSatisfying(PaymentIntentCollection.class, list -> assertThat(list.getData())
                .extracting(PaymentIntent::getId)
                .containsExactly("pi_1", "pi_2"));
        assertThat(stripe.request().method()).isEqualTo("GET");
        assertThat(stripe.request().path()).isEqualTo("/v1/payment_intents");
        assertThat(stripe.request().parameters())
                .containsOnly(Map.entry("limit", "2"), Map.entry("created[gte]", "1700000000"));
    }

    @Test
    void shouldFetchTheNextPageAsItFetchedTheFirst() {
        // Given
        camel.getComponent("stripe", StripeComponent.class).setApiBase(stripe.url() + "/stripe");
        stripe.answers(200, page(true, "pi_1")).answers(200, page(false, "pi_2"));
        var first = template.requestBodyAndHeader(
                INTENTS, Map.of("limit", 1), StripeConstants.METHOD_HEADER, "list", PaymentIntentCollection.class);

        // When
        var ids = first.autoPagingIterable();

        // Then
        assertThat(ids).extracting(PaymentIntent::getId).containsExactly("pi_1", "pi_2");
        var next = stripe.requests().getLast();
        assertThat(next.path()).isEqualTo("/stripe/v1/payment_intents");
        assertThat(next.header("Authorization")).isEqualTo("Bearer " + key);
        assertThat(next.parameters()).containsOnly(Map.entry("limit", "1"), Map.entry("starting_after", "pi_1"));
    }

    @Test
    void shouldSearch() {
        // Given
        stripe.answers(200, """
                {"object": "search_result", "url": "/v1/payment_intents/search", "has_more": false,
                 "data": [{"id": "pi_1", "object": "payment_intent"}]}""");

        // When
        var answer = template.requestBodyAndHeader(
                INTENTS, Map.of("query", "metadata['order_id']:'7'"), StripeConstants.METHOD_HEADER, "search");

        // Then
        assertThat(answer).isInstanceOfSatisfying(PaymentIntentSearchResult.class, found -> assertThat(found.getData())
                .extracting(PaymentIntent::getId)
                .containsExactly("pi_1"));
        assertThat(stripe.request().path()).isEqualTo("/v1/payment_intents/search");
        assertThat(stripe.request().parameters()).containsOnly(Map.entry("query", "metadata['order_id']:'7'"));
    }

    @Test
    void shouldSendTheIdempotencyKeyOfTheHeader() {
        // When
        template.requestBodyAndHeader(INTENTS, Map.of("amount", 1), StripeConstants.IDEMPOTENCY_KEY, "order-7:1");

        // Then
        assertThat(stripe.request().header("Idempotency-Key")).isEqualTo("order-7:1");
    }

    @Test
    void shouldGiveEachAttemptAKeyOfItsOwnWithoutTheHeader() {
        // When
        template.requestBody(INTENTS, Map.of("amount", 1));
        template.requestBody(INTENTS, Map.of("amount", 1));

        // Then
        assertThat(stripe.requests())
                .extracting(request -> request.header("Idempotency-Key"))
                .doesNotContainNull()
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "line\nbreak"})
    void shouldRefuseAnUnusableIdempotencyKey(String idempotencyKey) {
        // When / Then
        assertRefused(
                () -> template.requestBodyAndHeader(INTENTS, null, StripeConstants.IDEMPOTENCY_KEY, idempotencyKey));
    }

    @Test
    void shouldRefuseAnIdempotencyKeyThatStripeWouldRefuse() {
        // When / Then
        assertRefused(() ->
                        template.requestBodyAndHeader(INTENTS, null, StripeConstants.IDEMPOTENCY_KEY, "k".repeat(256)))
                .hasMessageContaining("255");
    }

    @Test
    void shouldKeepAnIdInsideItsPathSegment() {
        // When
        template.requestBodyAndHeaders("stripe:products", null, headers("retrieve", "a/../b?c=d#e [ü]%2f"));

        // Then
        assertThat(stripe.request().path()).isEqualTo("/v1/products/a%2F..%2Fb%3Fc%3Dd%23e%20%5B%C3%BC%5D%252f");
        assertThat(stripe.request().query()).isEmpty();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", ".", ".."})
    void shouldRefuseAnIdThatWouldAskForSomethingElse(String id) {
        // When / Then
        assertRefused(() -> template.requestBodyAndHeaders(INTENTS, null, headers("retrieve", id)))
                .hasMessageContaining(StripeConstants.OBJECT_ID);
    }

    @ParameterizedTest
    @CsvSource({
        "charges, delete",
        "paymentIntents, delete",
        "paymentMethods, search",
        "invoices, cancel",
        "balanceTransactions, create",
        "paymentIntents, frobnicate",
        "paymentIntents, CREATE",
        "paymentIntents, ''"
    })
    void shouldRefuseAMethodThatStripeDoesNotOffer(String operation, String method) {
        // When / Then
        assertRefused(() -> template.requestBodyAndHeaders("stripe:" + operation, null, headers(method, "id_1")))
                .hasMessageContaining("'" + method + "' for " + operation)
                .hasMessageContaining("one of ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "7", "null", "{\"pin\": 1234", "{\"pin\": 1234} 5", "{\"pin\": 1, \"pin\": 1234}"})
    void shouldRefuseTextThatIsNotOneJsonObjectWithoutQuotingIt(String body) {
        // When / Then
        assertRefused(() -> template.requestBody(INTENTS, body))
                .hasMessageContaining("JSON object")
                .hasMessageNotContaining("1234");
    }

    @Test
    void shouldRefuseABodyOfAnotherType() {
        // When / Then
        assertRefused(() -> template.requestBody(INTENTS, List.of("1234")))
                .hasMessageContaining("Map or a JSON object")
                .hasMessageNotContaining("1234");
    }

    @Test
    void shouldGoOnWithWhatTheStepBeforeGotFromStripe() {
        // Given
        var created = template.requestBody(INTENTS, Map.of("amount", 1));

        // When
        template.requestBodyAndHeaders(INTENTS, created, headers("capture", "obj_1"));

        // Then
        assertThat(stripe.requests().getLast().path()).isEqualTo("/v1/payment_intents/obj_1/capture");
        assertThat(stripe.requests().getLast().body()).isEmpty();
    }

    @Test
    void shouldNotCreateOutOfAnAnswer() {
        // Given
        var created = new PaymentIntent();

        // When / Then
        assertRefused(() -> template.requestBody("stripe:customers", created));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stripe", "/stripe/", "/a/b"})
    void shouldPutThePathOfTheBaseBeforeItsOwn(String path) {
        // When
        template.requestBody(INTENTS + "?apiBase=" + stripe.url() + path, (Object) null);

        // Then
        assertThat(stripe.request().path()).isEqualTo(path.replaceAll("/$", "") + "/v1/payment_intents");
    }

    @Test
    void shouldKeepEndpointsApart() throws Exception {
        // Given
        var otherKey = FakeStripe.key();
        try (var other = new FakeStripe()) {
            var own = camel.getEndpoint(INTENTS);
            var others = camel.getEndpoint(INTENTS + "?apiKey=" + otherKey + "&apiBase=" + other.url());

            // When
            template.requestBody(others, (Object) null);
            template.requestBody(own, (Object) null);

            // Then
            assertThat(stripe.request().header("Authorization")).isEqualTo("Bearer " + key);
            assertThat(other.request().header("Authorization")).isEqualTo("Bearer " + otherKey);
            assertThat(Stripe.apiKey).isNull();
            assertThat(Stripe.getApiBase()).isEqualTo(Stripe.LIVE_API_BASE);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(ThrowingCallable call) {
        var refused = assertThatThrownBy(call)
                .isInstanceOf(CamelExecutionException.class)
                .cause()
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(stripe.requests()).isEmpty();
        return refused;
    }

    private static Map<String, Object> headers(String method, String id) {
        var headers = new HashMap<String, Object>();
        headers.put(StripeConstants.METHOD_HEADER, method);
        headers.put(StripeConstants.OBJECT_ID, id);
        return headers;
    }

    private static String page(boolean hasMore, String... ids) {
        var data = Stream.of(ids)
                .map("{\"id\": \"%s\", \"object\": \"payment_intent\"}"::formatted)
                .toList();
        return "{\"object\": \"list\", \"url\": \"/v1/payment_intents\", \"has_more\": %s, \"data\": %s}"
                .formatted(hasMore, data);
    }
}
