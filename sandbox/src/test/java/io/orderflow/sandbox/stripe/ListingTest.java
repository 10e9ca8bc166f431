package io.orderflow.sandbox.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentSearchParams;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListingTest extends StripeTest {

    private static List<String> intents(int count) {
        return IntStream.range(0, count).mapToObj(i -> stripe.intent()).toList();
    }

    private static List<String> ids(JsonNode list) {
        return StreamSupport.stream(list.get("data").spliterator(), false)
                .map(document -> document.get("id").asText())
                .toList();
    }

    @Test
    void shouldListNewestFirstPageByPage() throws StripeException {
        // Given
        var made = intents(5);
        var service = stripe.client().v1().paymentIntents();

        // When
        var first = service.list(PaymentIntentListParams.builder().setLimit(2L).build());
        var all = new ArrayList<PaymentIntent>();
        first.autoPagingIterable().forEach(all::add);

        // Then
        assertThat(first.getData()).extracting(PaymentIntent::getId).containsExactly(made.get(4), made.get(3));
        assertThat(first.getHasMore()).isTrue();
        assertThat(all).extracting(PaymentIntent::getId).containsExactlyElementsOf(made.reversed());
    }

    @Test
    void shouldListBackwardsFromACursor() {
        // Given
        var made = intents(5);

        // When
        var page = stripe.get("/v1/payment_intents?limit=2&ending_before=" + made.get(1))
                .json();

        // Then
        assertThat(ids(page)).containsExactly(made.get(3), made.get(2));
        assertThat(page.get("has_more").asBoolean()).isTrue();
    }

    @Test
    void shouldListWhatWasMadeInATime() {
        // Given
        var made = intents(1).getFirst();
        long created =
                stripe.get("/v1/payment_intents/" + made).json().get("created").asLong();

        // When
        var since = stripe.get("/v1/payment_intents?created[gte]=" + created).json();
        var after =
                stripe.get("/v1/payment_intents?created[gt]=" + (created + 60)).json();

        // Then
        assertThat(ids(since)).containsExactly(made);
        assertThat(ids(after)).isEmpty();
    }

    @Test
    void shouldListTheIntentsOfACustomer() {
        // Given
        var customer = stripe.post("/v1/customers", "email", "ada@example.com")
                .json()
                .get("id")
                .asText();
        var hers = stripe.intent("customer", customer);
        intents(2);

        // When
        var page = stripe.get("/v1/payment_intents?customer=" + customer).json();

        // Then
        assertThat(ids(page)).containsExactly(hers);
    }

    @Test
    void shouldListTheChargesOfAnIntentAndExpandThem() {
        // Given
        var intent = stripe.intent();
        stripe.confirm(intent, "pm_card_visa_chargeDeclined");
        stripe.confirm(intent, "pm_card_visa");
        stripe.paid("pm_card_visa");

        // When
        var charges = stripe.get("/v1/charges?payment_intent=" + intent).json();
        var intents =
                stripe.get("/v1/payment_intents?expand[]=data.latest_charge").json();

        // Then
        assertThat(charges.get("data"))
                .extracting(charge -> charge.get("status").asText())
                .containsExactly("succeeded", "failed");
        assertThat(intents.get("data")).allSatisfy(each -> assertThat(
                        each.get("latest_charge").get("paid").asBoolean())
                .isTrue());
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=101, limit",
        "limit=many, limit",
        "starting_after=pi_missing, starting_after",
        "page=2, page",
        "expand[]=latest_charge,"
    })
    void shouldRefuseAListThatMakesNoSense(String query, String param) {
        // When
        var answer = stripe.get("/v1/payment_intents?" + query);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().path("param").asText(null)).isEqualTo(param);
    }

    @Test
    void shouldFindAnIntentOnlyAfterAWhile() throws StripeException {
        // Given
        var made = stripe.intent("metadata[order_id]", "order-7");
        stripe.intent("metadata[order_id]", "order-8");
        var service = stripe.client().v1().paymentIntents();
        var query = PaymentIntentSearchParams.builder()
                .setQuery("metadata['order_id']:'order-7'")
                .build();

        // When
        var atOnce = service.search(query);

        // Then
        assertThat(atOnce.getData()).isEmpty();
        await().untilAsserted(() -> assertThat(service.search(query).getData())
                .extracting(PaymentIntent::getId)
                .containsExactly(made));
    }

    @Test
    void shouldFindAChangeOnlyAfterAWhile() {
        // Given
        var made = stripe.intent("metadata[order_id]", "order-7");
        await().until(() -> !found("metadata['order_id']:'order-7'").isEmpty());
        stripe.confirm(made, "pm_card_visa");

        // When
        var atOnce = found("metadata['order_id']:'order-7' AND status:'succeeded'");

        // Then
        assertThat(atOnce).isEmpty();
        assertThat(found("metadata['order_id']:'order-7' AND -status:'succeeded'"))
                .containsExactly(made);
        await().untilAsserted(() -> assertThat(found("metadata['order_id']:'order-7' AND status:'succeeded'"))
                .containsExactly(made));
    }

    @Test
    void shouldPageThroughWhatIsFound() {
        // Given
        var made = intents(3);
        await().until(() -> found("amount:1000").size() == 3);

        // When
        var first = search("amount:1000", "&limit=2").json();
        var second = search(
                        "amount:1000", "&limit=2&page=" + first.get("next_page").asText())
                .json();

        // Then
        assertThat(first.get("object").asText()).isEqualTo("search_result");
        assertThat(first.get("has_more").asBoolean()).isTrue();
        assertThat(ids(first)).containsExactly(made.get(2), made.get(1));
        assertThat(ids(second)).containsExactly(made.get(0));
        assertThat(second.get("next_page").isNull()).isTrue();
    }

    @Test
    void shouldTellTheBalance() {
        // Given
        stripe.paid("pm_card_visa");

        // When
        var balance = stripe.get("/v1/balance").json();

        // Then
        assertThat(balance.get("pending").get(0).get("amount").asLong()).isEqualTo(1000);
    }

    private static List<String> found(String query) {
        return ids(search(query, "").json());
    }

    private static StripeSandbox.Answer search(String query, String more) {
        return stripe.get(
                "/v1/payment_intents/search?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8) + more);
    }
}
