package io.orderflow.mail;

import static io.orderflow.mail.Orders.SPRINGFIELD;
import static io.orderflow.mail.Orders.cancelled;
import static io.orderflow.mail.Orders.created;
import static io.orderflow.mail.Orders.delivered;
import static io.orderflow.mail.Orders.disputed;
import static io.orderflow.mail.Orders.item;
import static io.orderflow.mail.Orders.paid;
import static io.orderflow.mail.Orders.paymentFailed;
import static io.orderflow.mail.Orders.refundRequested;
import static io.orderflow.mail.Orders.refunded;
import static io.orderflow.mail.Orders.shipped;
import static io.orderflow.mail.Orders.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.delivery.OrderEvent;
import io.orderflow.domain.Address;
import io.orderflow.domain.EventType;
import io.orderflow.domain.Order;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MailsTest {

    private static final Path TO_LOOK_AT = Path.of("target", "mails");

    /** Gmail shows no more of a message; the rest is behind a link. */
    private static final int GMAIL_CLIPS_AT = 102 * 1024;

    private static final JsonMapper MAPPER = new JsonMapper();

    private record TestShop(String name, Optional<String> supportEmail) implements Shop {}

    private record Sender(Optional<String> fromName) implements SendGridConfig {

        @Override
        public String apiKey() {
            return "not used to render mails";
        }

        @Override
        public URI apiBase() {
            return URI.create("http://localhost");
        }

        @Override
        public String fromEmail() {
            return "orders@example.com";
        }

        @Override
        public List<String> webhookPublicKey() {
            return List.of();
        }

        @Override
        public Duration webhookTolerance() {
            return Duration.ZERO;
        }
    }

    private final Mails mails = mails("Our Shop", "support@example.com");

    private static Mails mails(String shop, String supportEmail) {
        return new Mails(
                Templates.engine(),
                new TestShop(shop, Optional.ofNullable(supportEmail)),
                new Sender(Optional.empty()));
    }

    private static Mail mail(Mails mails, OrderEvent told) {
        var body = json(mails.request(told));
        return new Mail(
                body.at("/subject").textValue(),
                body.at("/content/0/value").textValue(),
                body.at("/content/1/value").textValue());
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    /** Leaves each mail in {@code target/mails} too, for whoever changes a template and wants to see it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void shouldWriteTheMailOfEveryEvent(OrderEvent told, String subject, String says) throws IOException {
        var mail = mail(mails, told);

        Files.createDirectories(TO_LOOK_AT);
        Files.writeString(TO_LOOK_AT.resolve(told.event().type() + ".html"), mail.html());
        Files.writeString(TO_LOOK_AT.resolve(told.event().type() + ".txt"), mail.text());
        assertThat(mail.subject()).isEqualTo(subject);
        assertThat(mail.text())
                .startsWith("Hello Jane Doe,\n")
                .contains(says, told.order().id(), "$38.50", "Our Shop", "support@example.com");
        assertThat(mail.html())
                .startsWith("<!DOCTYPE html>")
                .contains(says, "Hello Jane Doe,", told.order().id(), "$38.50", "Our Shop", "support@example.com")
                .contains("<title>" + subject + "</title>");
    }

    static Stream<Arguments> shouldWriteTheMailOfEveryEvent() {
        var order = created();
        return Stream.of(
                Arguments.of(
                        told(order, EventType.ORDER_CREATED),
                        "We have received your order of March 4, 2026",
                        "Coffee beans"),
                Arguments.of(
                        told(paid(order), EventType.PAYMENT_SUCCEEDED),
                        "Payment received for your order of March 4, 2026",
                        "We are preparing your order"),
                Arguments.of(
                        told(paymentFailed(order, "Your card was declined."), EventType.PAYMENT_FAILED),
                        "Payment failed for your order of March 4, 2026",
                        "Your card was declined."),
                Arguments.of(
                        told(cancelled(paid(order)), EventType.ORDER_CANCELLED),
                        "Your order of March 4, 2026 is cancelled",
                        "We will return $38.50"),
                Arguments.of(
                        told(refunded(paid(order), "r1", 500), EventType.PAYMENT_REFUNDED),
                        "Refund of $5.00 for your order of March 4, 2026",
                        "We have refunded $5.00"),
                Arguments.of(
                        told(shipped(paid(order), "1Z999AA10123456784"), EventType.ORDER_SHIPPED),
                        "Your order of March 4, 2026 is on its way",
                        "1Z999AA10123456784"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void shouldRefuseEventsThatHaveNoMail(OrderEvent told) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mails.request(told))
                .withMessageContaining(told.event().type().toString());
    }

    static Stream<OrderEvent> shouldRefuseEventsThatHaveNoMail() {
        var paid = paid(created());
        return Stream.of(
                told(delivered(shipped(paid, null)), EventType.ORDER_DELIVERED),
                told(disputed(paid), EventType.PAYMENT_DISPUTED),
                told(refundRequested(paid), EventType.REFUND_REQUESTED));
    }

    @ParameterizedTest
    @MethodSource
    void shouldSayWhatIsTrueNow(Order order, EventType type, String says) {
        var mail = mail(mails, told(order, type));

        assertThat(mail.text().replace('\n', ' ')).contains(says);
        assertThat(mail.html().replace('\n', ' ')).contains(says);
    }

    static Stream<Arguments> shouldSayWhatIsTrueNow() {
        var order = created();
        var failed = paymentFailed(order, "Declined.");
        return Stream.of(
                Arguments.of(failed, EventType.PAYMENT_FAILED, "Please go back to the checkout"),
                Arguments.of(paid(failed), EventType.PAYMENT_FAILED, "You have paid since"),
                Arguments.of(cancelled(failed), EventType.PAYMENT_FAILED, "The order has been cancelled since"),
                Arguments.of(cancelled(order), EventType.ORDER_CANCELLED, "No payment has been taken."),
                Arguments.of(
                        refunded(cancelled(paid(order)), "r1", 3850),
                        EventType.ORDER_CANCELLED,
                        "Your payment has been returned in full."),
                Arguments.of(
                        disputed(cancelled(paid(order))),
                        EventType.ORDER_CANCELLED,
                        "Your bank was asked to return the payment"),
                Arguments.of(
                        paid(cancelled(order)), EventType.PAYMENT_SUCCEEDED, "we will return the payment in full"));
    }

    @Test
    void shouldEscapeInHtmlOnly() {
        var name = "Jane <img src=x onerror=alert(1)> \"&\" 'Doe'";
        var address = new Address("<1> Main & Side", "Spring<field>", null, null, "US");
        var order = created(name, address, null, "USD", item("<script>Beans</script>", 1, "12.50"));

        var mail = mail(mails("Tom & Jerry's", null), told(order, EventType.ORDER_CREATED));

        assertThat(mail.text()).contains(name, "<1> Main & Side", "Spring<field>", "<script>Beans</script>", "Tom & J");
        assertThat(mail.html())
                .doesNotContain("<img", "<script", "<1>", "<field>")
                .contains(
                        "Jane &lt;img src=x onerror=alert(1)&gt; &quot;&amp;&quot; &#39;Doe&#39;",
                        "&lt;1&gt; Main &amp; Side",
                        "Spring&lt;field&gt;",
                        "&lt;script&gt;Beans&lt;/script&gt;",
                        "Tom &amp; Jerry&#39;s");
    }

    @Test
    void shouldNotReadTemplateSyntaxInWhatCustomersWrite() {
        var order = created("{letter.order.id} {#if}", SPRINGFIELD, null, "USD", item("{shop.name}", 1, "12.50"));

        var mail = mail(mails, told(order, EventType.ORDER_CREATED));

        assertThat(mail.text()).contains("Hello {letter.order.id} {#if},", "1 × {shop.name}: $12.50");
        assertThat(mail.html()).contains("Hello {letter.order.id} {#if},", "1 × {shop.name}");
    }

    @Test
    void shouldWriteAmountsInTheCurrencyOfTheOrder() {
        var japan = new Address("1-1 Marunouchi", "Chiyoda", "Tokyo", "100-0005", "JP");
        var kuwait = new Address("1 Gulf Road", "Kuwait City", null, null, "KW");
        var yen = created("Jane Doe", japan, null, "JPY", item("Tea", 3, "1200"));
        var dinars = created("Jane Doe", kuwait, null, "KWD", item("Dates", 2, "1.230"));

        assertThat(mail(mails, told(yen, EventType.ORDER_CREATED)).text())
                .contains("3 × Tea: ¥3,600 (¥1,200 each)", "Total:      ¥3,600\u00a0JPY");
        assertThat(mail(mails, told(dinars, EventType.ORDER_CREATED)).text().replace('\u00a0', ' '))
                .contains("2 × Dates: KWD 2.460 (KWD 1.230 each)", "Total:      KWD 2.460\n");
    }

    @Test
    void shouldNameTheBillingAddressOnlyWhenItIsAnother() {
        var elsewhere = new Address("Königsallee 1", "Düsseldorf", null, "40212", "DE");
        var beans = item("Beans", 1, "12.50");
        var one = mail(mails, told(created("Jane Doe", SPRINGFIELD, null, "USD", beans), EventType.ORDER_CREATED));
        var same =
                mail(mails, told(created("Jane Doe", SPRINGFIELD, SPRINGFIELD, "USD", beans), EventType.ORDER_CREATED));
        var two = mail(mails, told(created("Jane Doe", SPRINGFIELD, elsewhere, "USD", beans), EventType.ORDER_CREATED));

        assertThat(one.text()).contains("SHIP TO\nJane Doe\n1 Main Street\nSpringfield, IL 62701\nUnited States\n");
        assertThat(one.text()).doesNotContain("BILL TO");
        assertThat(one.html()).doesNotContain("Bill to");
        assertThat(same).isEqualTo(one);
        assertThat(two.text()).contains("BILL TO\nJane Doe\nKönigsallee 1\nDüsseldorf 40212\nGermany\n");
        assertThat(two.html()).contains("Bill to");
    }

    @Test
    void shouldListTheLargestOrderWithoutBeingClipped() {
        var items = IntStream.rangeClosed(1, 250)
                .mapToObj(number -> item("Single-origin coffee beans, lot %03d".formatted(number), 2, "12.50"))
                .toArray(Orders.Item[]::new);

        var mail = mail(mails, told(created("Jane Doe", SPRINGFIELD, null, "USD", items), EventType.ORDER_CREATED));

        assertThat(mail.text()).contains("lot 001", "lot 250", "$6,250.00");
        assertThat(mail.html()).contains("lot 001", "lot 250", "$6,250.00");
        assertThat(mail.html().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(GMAIL_CLIPS_AT);
    }

    @Test
    void shouldLoadNothingFromElsewhere() {
        var mail = mail(mails, told(created(), EventType.ORDER_CREATED));

        assertThat(mail.html()).doesNotContain("http:", "https:", "src=", "url(", "@import");
    }

    @Test
    void shouldAskSendGridToSendIt() {
        var told = told(created(), EventType.ORDER_CREATED);
        var body = (ObjectNode) json(mails.request(told));

        var content = body.remove("content");
        assertThat(content.findValuesAsText("type")).containsExactly("text/plain", "text/html");
        assertThat(body).isEqualTo(json("""
                {
                  "personalizations": [{
                    "to": [{"email": "jane@example.com", "name": "Jane Doe"}],
                    "custom_args": {
                      "order_id": "5b3f0e2a-7c1d-5e4f-9a8b-0c1d2e3f4a5b",
                      "event_id": "5b3f0e2a-7c1d-5e4f-9a8b-0c1d2e3f4a5b-1",
                      "delivery_id": "5b3f0e2a-7c1d-5e4f-9a8b-0c1d2e3f4a5b-1/sendgrid",
                      "event_type": "order.created"
                    }
                  }],
                  "from": {"email": "orders@example.com", "name": "Our Shop"},
                  "reply_to": {"email": "support@example.com", "name": "Our Shop"},
                  "subject": "We have received your order of March 4, 2026",
                  "categories": ["order.created"],
                  "tracking_settings": {
                    "click_tracking": {"enable": false, "enable_text": false},
                    "open_tracking": {"enable": false},
                    "subscription_tracking": {"enable": false}
                  }
                }
                """));
    }

    @Test
    void shouldNameNoSupportAddressWhenThereIsNone() {
        var body = json(mails("Our Shop", null).request(told(created(), EventType.ORDER_CREATED)));

        assertThat(body.has("reply_to")).isFalse();
        assertThat(body.findValuesAsText("value")).hasSize(2).noneMatch(text -> text.contains("Questions?"));
    }

    @Test
    void shouldUseTheSendersOwnName() {
        var shop = new TestShop("Our Shop", Optional.empty());
        var own = new Mails(Templates.engine(), shop, new Sender(Optional.of("Our Shop Orders")));

        var body = json(own.request(told(created(), EventType.ORDER_CREATED)));

        assertThat(body.at("/from/name").textValue()).isEqualTo("Our Shop Orders");
    }

    @Test
    void shouldKeepHeadersWithinTheirLine() {
        var name = "Doe, Jane\r\nBcc: mallory@example.net; \u0007";
        var order = created(name, SPRINGFIELD, null, "USD", item("Beans\r\nX: y", 1, "12.50"));

        var body = json(mails("Our\r\nShop", null).request(told(order, EventType.ORDER_CREATED)));

        assertThat(body.at("/personalizations/0/to/0/name").textValue()).isEqualTo("Doe Jane Bcc: mallory@example.net");
        assertThat(body.at("/from/name").textValue()).isEqualTo("Our Shop");
        assertThat(body.at("/subject").textValue()).doesNotContainPattern("\\p{Cntrl}");
    }
}
