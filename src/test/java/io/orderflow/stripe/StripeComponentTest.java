package io.orderflow.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a URI becomes an endpoint, and what Camel's tools know of it. */
class StripeComponentTest {

    private final String key = FakeStripe.key();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private StripeComponent component;

    @BeforeEach
    void start() {
        component = camel.getComponent("stripe", StripeComponent.class);
        component.setApiKey(key);
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @ParameterizedTest
    @EnumSource
    void shouldResolveEveryOperation(StripeOperation operation) {
        // When
        var endpoint = camel.getEndpoint("stripe:" + operation, StripeEndpoint.class);

        // Then
        assertThat(endpoint.getOperation()).isEqualTo(operation);
        assertThat(endpoint.getServiceUrl()).isEqualTo("https://api.stripe.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stripe:payouts", "stripe:paymentintents", "stripe:payment_intents"})
    void shouldNameTheOperationsThatThereAre(String uri) {
        // When / Then
        assertThatThrownBy(() -> camel.getEndpoint(uri))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("one of charges, customers, paymentIntents, paymentMethods, refunds,"
                        + " subscriptions, invoices, products, prices, balanceTransactions");
    }

    @Test
    void shouldRefuseAnOptionThatThereIsNot() {
        // When / Then
        assertThatThrownBy(() -> camel.getEndpoint("stripe:refunds?stripeAccount=acct_1"))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .hasMessageContaining("stripeAccount");
    }

    @Test
    void shouldTakeTheComponentsOptionsFromProperties() {
        // When
        new PropertyBindingSupport.Builder()
                .withCamelContext(camel)
                .withTarget(component)
                .withProperties(new HashMap<>(Map.of(
                        "api-base", "http://localhost:1/stripe", "connect-timeout", "1000", "read-timeout", "2000")))
                .bind();

        // Then
        var endpoint = camel.getEndpoint("stripe:refunds", StripeEndpoint.class);
        assertThat(endpoint.getApiKey()).isEqualTo(key);
        assertThat(endpoint.getApiBase()).isEqualTo("http://localhost:1/stripe");
        assertThat(endpoint.getConnectTimeout()).isEqualTo(1000);
        assertThat(endpoint.getReadTimeout()).isEqualTo(2000);
    }

    @Test
    void shouldPreferTheOptionsOfTheUri() {
        // Given
        var own = FakeStripe.key();

        // When
        var endpoint = camel.getEndpoint(
                "stripe:refunds?apiKey=" + own + "&apiBase=http://localhost:2&connectTimeout=3&readTimeout=4",
                StripeEndpoint.class);

        // Then
        assertThat(endpoint.getApiKey()).isEqualTo(own);
        assertThat(endpoint.getApiBase()).isEqualTo("http://localhost:2");
        assertThat(endpoint.getConnectTimeout()).isEqualTo(3);
        assertThat(endpoint.getReadTimeout()).isEqualTo(4);
        assertThat(endpoint.toString()).doesNotContain(own);
    }

    @ParameterizedTest
    @CsvSource({
        "apiBase, api.stripe.com",
        "apiBase, ftp://localhost",
        "apiBase, http:///stripe",
        "apiBase, http://a b",
        "apiBase, http://localhost?x=1",
        "apiBase, http://someone@localhost",
        "connectTimeout, 0",
        "readTimeout, -1"
    })
    void shouldNotStartWithAnUnusableOption(String option, String value) {
        // When / Then
        assertNotStarted(Map.of(option, value)).hasMessageContaining(option).hasMessageContaining(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a secret\nkey", "a sëcret"})
    void shouldNotStartWithAnUnusableKeyNorShowIt(String unusable) {
        // When / Then
        assertNotStarted(Map.of("apiKey", unusable))
                .hasMessageContaining("apiKey")
                .hasMessageNotContainingAny("secret", "sëcret");
    }

    @Test
    void shouldNotBeConsumedFrom() {
        // Given
        var endpoint = camel.getEndpoint("stripe:charges");

        // When / Then
        assertThatThrownBy(() -> endpoint.createConsumer(_ -> {})).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{uri: stripe, parameters: {operation: refunds, readTimeout: 7, apiKey: 'a+b%c&d'}}",
                "{uri: 'stripe:refunds', parameters: {readTimeout: 7, apiKey: 'a+b%c&d'}}",
                "{uri: 'stripe:refunds?readTimeout=7&apiKey=RAW(a+b%c&d)'}"
            })
    void shouldBeWrittenInYamlInEveryWay(String to) throws Exception {
        // Given
        var yaml = """
                - route:
                    id: refunding
                    from:
                      uri: direct:refund
                      steps:
                        - to: """ + " " + to;

        // When
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("refunding.yaml", yaml));

        // Then
        assertThat(camel.getEndpoints())
                .filteredOn(StripeEndpoint.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(StripeEndpoint.class, endpoint -> {
                    assertThat(endpoint.getOperation()).isEqualTo(StripeOperation.REFUNDS);
                    assertThat(endpoint.getReadTimeout()).isEqualTo(7);
                    assertThat(endpoint.getApiKey()).isEqualTo("a+b%c&d");
                });
    }

    @Test
    void shouldBeValidatedByTheCatalog() {
        // Given
        var catalog = StripeCatalog.create();

        // When
        var right = catalog.validateEndpointProperties("stripe:paymentIntents?readTimeout=5000");
        var wrong = catalog.validateEndpointProperties("stripe:payouts?readTimeout=soon&timeout=5");

        // Then
        assertThat(right.isSuccess()).as(right.summaryErrorMessage(true)).isTrue();
        assertThat(wrong.getInvalidEnum()).containsEntry("operation", "payouts");
        assertThat(wrong.getInvalidInteger()).containsEntry("readTimeout", "soon");
        assertThat(wrong.getUnknown()).containsExactly("timeout");
    }

    @Test
    void shouldDescribeToTheCatalogWhatThereIs() throws Exception {
        // Given
        var factory = new StripeEndpointUriFactory();

        // When
        var model = model();

        // Then
        assertThat(model.getJavaType()).isEqualTo(StripeComponent.class.getName());
        assertThat(model.getEndpointParameterOptions())
                .filteredOn(option -> !option.getName().equals("lazyStartProducer"))
                .extracting(option -> option.getName() + " = " + option.getDefaultValue())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(StripeEndpoint.class.getDeclaredFields())
                        .filter(field -> field.isAnnotationPresent(UriParam.class))
                        .map(field -> field.getName() + " = " + defaultOf(field.getAnnotation(UriParam.class)))
                        .toList());
        assertThat(model.getComponentOptions())
                .extracting(option -> option.getName())
                .containsAll(Arrays.stream(StripeComponent.class.getDeclaredFields())
                        .filter(field -> field.isAnnotationPresent(Metadata.class))
                        .map(field -> field.getName())
                        .toList());
        assertThat(model.getEndpointPathOptions()).singleElement().satisfies(option -> assertThat(option.getEnums())
                .containsExactlyElementsOf(Arrays.stream(StripeOperation.values())
                        .map(StripeOperation::toString)
                        .toList()));
        assertThat(model.getEndpointHeaders())
                .extracting(ComponentModel.EndpointHeaderModel::getName)
                .containsExactlyInAnyOrder(
                        StripeConstants.METHOD_HEADER, StripeConstants.OBJECT_ID, StripeConstants.IDEMPOTENCY_KEY);
        assertThat(factory.propertyNames())
                .containsExactlyInAnyOrderElementsOf(model.getEndpointOptions().stream()
                        .map(option -> option.getName())
                        .toList());
        assertThat(factory.secretPropertyNames())
                .containsExactlyInAnyOrderElementsOf(model.getEndpointOptions().stream()
                        .filter(option -> option.isSecret())
                        .map(option -> option.getName())
                        .toList());
    }

    @Test
    void shouldHaveWhatCamelsOwnComponentHas() throws Exception {
        // Given
        var upstream = JsonMapper.generateComponentModel(new DefaultCamelCatalog().componentJSonSchema("stripe"));

        // When
        var model = model();

        // Then
        assertThat(model.getSyntax()).isEqualTo(upstream.getSyntax());
        assertThat(model.isProducerOnly()).isEqualTo(upstream.isProducerOnly());
        assertThat(model.getEndpointPathOptions().getFirst().getEnums())
                .isEqualTo(upstream.getEndpointPathOptions().getFirst().getEnums());
        assertThat(typesOf(model.getComponentOptions())).containsAllEntriesOf(typesOf(upstream.getComponentOptions()));
        assertThat(typesOf(model.getEndpointParameterOptions()))
                .containsAllEntriesOf(typesOf(upstream.getEndpointParameterOptions()));
        assertThat(typesOf(model.getEndpointHeaders()))
                .as("all but a header that upstream declares and does not read")
                .containsAllEntriesOf(typesOf(upstream.getEndpointHeaders().stream()
                        .filter(header -> !header.getName().equals("CamelStripeOperation"))
                        .toList()));
    }

    private static Map<String, String> typesOf(List<? extends BaseOptionModel> options) {
        return options.stream().collect(Collectors.toMap(BaseOptionModel::getName, BaseOptionModel::getJavaType));
    }

    private static String defaultOf(UriParam option) {
        return option.defaultValue().isEmpty() ? null : option.defaultValue();
    }

    private ComponentModel model() throws Exception {
        return JsonMapper.generateComponentModel(camel.getComponentParameterJsonSchema("stripe"));
    }

    /** Each option is set as a URI would set it, over those of the component. */
    private AbstractThrowableAssert<?, ? extends Throwable> assertNotStarted(Map<String, Object> options) {
        return assertThatThrownBy(() -> camel.getEndpoint("stripe:refunds", options));
    }
}
