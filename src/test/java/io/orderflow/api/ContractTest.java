package io.orderflow.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orderflow.domain.NewOrder;
import io.orderflow.domain.Violation;
import io.orderflow.testing.Api;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractTest {

    private static final Contract CONTRACT = new Contract();

    @Test
    void shouldReadAnOrderThatFulfilsIt() {
        // When
        var checked = read(Api.order());

        // Then
        assertThat(checked.violations()).isEmpty();
        assertThat(checked.value().items().getFirst().price()).isEqualByComparingTo("12.50");
    }

    @Test
    void shouldTakeTheExampleOfTheContractItself() {
        // When
        var checked = read("""
                {"customerId":"customer-1","customerEmail":"jane@example.com","customerName":"Jane Doe",
                 "items":[{"id":"sku-1","name":"Coffee beans","quantity":2,"price":12.50}],
                 "totalAmount":25.00,"currency":"USD",
                 "shippingAddress":{"street":"1 Main Street","city":"Springfield","country":"US"}}""");

        // Then
        assertThat(checked.violations()).isEmpty();
    }

    @Test
    void shouldNameEveryMissingField() {
        // When
        var checked = read("{}");

        // Then
        assertThat(checked.violations())
                .extracting(Violation::pointer)
                .containsExactlyInAnyOrder(
                        "/customerId",
                        "/customerEmail",
                        "/customerName",
                        "/items",
                        "/totalAmount",
                        "/currency",
                        "/shippingAddress");
        assertThat(checked.violations()).extracting(Violation::detail).containsOnly("is missing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "quantity": 2           | "quantity": 0            | /items/0/quantity        | must be at least 1
            "quantity": 2           | "quantity": 1000000000   | /items/0/quantity        | must be at most 10000
            "quantity": 2           | "quantity": 1.5          | /items/0/quantity        | must be of type integer, not number
            "quantity": 2           | "quantity": "2"          | /items/0/quantity        | must be of type integer, not string
            "quantity": 2           | "amount": 2              | /items/0/quantity        | is missing
            "quantity": 2           | "quantity": 2, "x": 1    | /items/0/x               | is not known here; leave it out
            "price": 12.50          | "price": -1              | /items/0/price           | must be at least 0
            "price": 12.50          | "price": 10000000000     | /items/0/price           | must be at most 9999999999.99
            "price": 12.50          | "price": 1e999999        | /items/0/price           | must have at most 15 digits before and 15 after the point
            "price": 12.50          | "price": 1e-999999999    | /items/0/price           | must have at most 15 digits before and 15 after the point
            "quantity": 2           | "quantity": 1.8446744073709551617e19 | /items/0/quantity | must have at most 15 digits before and 15 after the point
            "price": 12.50          | "price": "12.50"         | /items/0/price           | must be of type number, not string
            "currency": "USD"       | "currency": "DOLLAR"     | /currency                | must be an ISO 4217 code of three letters, such as USD
            "currency": "USD"       | "currency": null         | /currency                | must be of type string, not null
            "Jane Doe"              | "<b>Jane</b>"            | /customerName            | must be one line of text that is not blank, without control characters, < or >
            "Jane Doe"              | "Jane\\u0007"            | /customerName            | must be one line of text that is not blank, without control characters, < or >
            "Jane Doe"              | "Jane\\nDoe"             | /customerName            | must be one line of text that is not blank, without control characters, < or >
            "Jane Doe"              | "Jane\\n"                | /customerName            | must be one line of text that is not blank, without control characters, < or >
            "Jane Doe"              | "Jane\\u2028"            | /customerName            | must be one line of text that is not blank, without control characters, < or >
            "Jane Doe"              | "\\u00a0\\u200b"        | /customerName            | must be one line of text that is not blank, without control characters, < or >
            "customer-1"            | "customer-1\\n"          | /customerId              | must have no spaces, control characters, < or >
            "Jane Doe"              | "  "                     | /customerName            | must be one line of text that is not blank, without control characters, < or >
            "Jane Doe"              | ""                       | /customerName            | must be one line of text that is not blank, without control characters, < or >
            "Jane Doe"              | 7                        | /customerName            | must be of type string, not integer
            "country": "US"         | "country": "usa"         | /shippingAddress/country | must be an ISO 3166-1 code of two capital letters, such as US
            "city": "Springfield",  | ""                       | /shippingAddress/city    | is missing
            "customerId":           | "status": "paid", "customerId": | /status           | is not known here; leave it out
            """)
    void shouldNameTheFieldAndTheRemedy(String good, String bad, String pointer, String detail) {
        // When
        var body = Api.order().replace(good, bad.equals("\"\"") && good.endsWith(",") ? "" : bad);
        var checked = read(body);

        // Then
        assertThat(checked.violations()).contains(new Violation(pointer, detail));
    }

    @Test
    void shouldKeepWhatIsRightNextToWhatIsWrong() {
        // When
        var checked = read(
                Api.order().replace("\"price\": 12.50", "\"price\": \"free\"").replace("\"Jane Doe\"", "7"));

        // Then
        assertThat(checked.violations()).hasSize(2);
        assertThat(checked.value().customerName()).isNull();
        assertThat(checked.value().items().getFirst().price()).isNull();
        assertThat(checked.value().items().getFirst().quantity()).isEqualTo(2);
        assertThat(checked.value().currency()).isEqualTo("USD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#{7*7}{{7*7}}${7*7}", "{0}", "'{", "a/b~c", "%s", ""})
    void shouldNameAFieldWhateverItIsCalled(String name) {
        // When
        var checked = read("{\"%s\": \"\", \"items\": {\"%s\": 1}}".formatted(name, name));

        // Then
        assertThat(checked.violations())
                .contains(new Violation(
                        "/" + name.replace("~", "~0").replace("/", "~1"), "is not known here; leave it out"));
    }

    @Test
    void shouldSurviveAListOfTheWrongThings() {
        // When
        var checked = read(Api.order().replaceAll("\"items\": \\[.*?\\]", "\"items\": [1, null, \"x\", {}]"));

        // Then
        assertThat(checked.violations())
                .extracting(Violation::pointer)
                .contains("/items/0", "/items/1", "/items/2", "/items/3/id");
        assertThat(checked.value().items()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"customerId\": }",
                "[]",
                "null",
                "7",
                "\"text\"",
                "{} {}",
                "{\"a\": 1, \"a\": 2}",
                "<order/>",
                "\u0000"
            })
    void shouldRefuseWhatIsNoJsonObject(String body) {
        // Then
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.status()).isEqualTo(400);
            assertThat(problem.details().detail()).isNotBlank().doesNotContain("com.fasterxml");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 30_000})
    void shouldRefuseDeepNestingAndSayHowDeepIsTooDeep(int depth) {
        // Given
        var deep = "{\"items\":" + "[".repeat(depth) + "]".repeat(depth) + "}";

        // Then
        assertThatThrownBy(() -> read(deep)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.status()).isEqualTo(400);
            assertThat(problem.details().detail()).startsWith("It is nested more than 20 levels deep");
        });
    }

    @Test
    void shouldRefuseABodyThatIsTooLarge() {
        // Given
        var large = new byte[Contract.LARGEST_BODY + 1];

        // Then
        assertThatThrownBy(() -> CONTRACT.read(large, "NewOrder", NewOrder.class))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(413));
    }

    @Test
    void shouldRefuseWhatIsNoUtf8() {
        // Given
        var latin = "{\"customerName\": \"Zoë\"}".getBytes(StandardCharsets.ISO_8859_1);

        // Then
        assertThatThrownBy(() -> CONTRACT.read(latin, "NewOrder", NewOrder.class))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(400));
    }

    @Test
    void shouldCheckParametersToo() {
        // Then
        assertThat(CONTRACT.parameter("Idempotency-Key", "a key", "IdempotencyKey"))
                .contains(
                        new Violation("Idempotency-Key", "must be 1 to 255 visible ASCII characters, without spaces"));
        assertThat(CONTRACT.parameter("Idempotency-Key", "a-key", "IdempotencyKey"))
                .isEmpty();
        assertThat(CONTRACT.parameter("status", "lost", "OrderStatus").map(Violation::pointer))
                .contains("status");
    }

    @Test
    void shouldTakeNamesInEveryScript() {
        // Given
        var names = List.of("Zoë Müller", "محمد", "نرگس\u200cها", "李雷", "O'Neil-Smith", "Jane 👩‍👩‍👧", "=1+1");

        // Then
        assertThat(names).allSatisfy(name -> assertThat(
                        read(Api.order().replace("Jane Doe", name)).violations())
                .isEmpty());
    }

    private static Contract.Checked<NewOrder> read(String body) {
        return CONTRACT.read(body.getBytes(StandardCharsets.UTF_8), "NewOrder", NewOrder.class);
    }
}
