package io.orderflow.sandbox.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchQueryTest {

    private static final ObjectNode INTENT = Document.of("""
            {"amount": 1000, "created": 1700000000, "currency": "usd", "customer": null, "status": "succeeded",
             "metadata": {"order_id": "order-7", "it's": "a \\"quote\\""}}""");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metadata['order_id']:'order-7'",
                "metadata[\"order_id\"]:\"ORDER-7\"",
                "metadata['order_id']~'der-'",
                "metadata[\"it's\"]:\"a \\\"quote\\\"\"",
                "-metadata['refund_id']:'x'",
                "metadata['refund_id']:null",
                "-metadata['order_id']:null",
                "customer:null",
                "status:'succeeded' AND currency:'usd'",
                "status:'succeeded' currency:'usd'",
                "status:'canceled' OR amount>=1000",
                "amount:1000",
                "amount>'999'",
                "created<=1700000000"
            })
    void shouldMatch(String query) {
        // When
        var matches = SearchQuery.parse(query).test(INTENT);

        // Then
        assertThat(matches).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metadata['order_id']:'order-70'",
                "metadata['other']:'order-7'",
                "-status:'succeeded'",
                "status:'succeeded' AND amount>1000",
                "status:'canceled' OR currency:'eur'",
                "metadata['order_id']:null"
            })
    void shouldNotMatch(String query) {
        // When
        var matches = SearchQuery.parse(query).test(INTENT);

        // Then
        assertThat(matches).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "order-7",
                "status",
                "status:succeeded",
                "metadata[order_id]:'x'",
                "status:'a' AND",
                "status:'a' AND status:'b' OR status:'c'",
                "description:'mug'",
                "amount:'ten'",
                "amount~100",
                "status>'a'",
                "metadata['order_id']~'ab'"
            })
    void shouldRefuse(String query) {
        // When
        // Then
        assertThatThrownBy(() -> SearchQuery.parse(query)).isInstanceOf(ApiError.class);
    }
}
