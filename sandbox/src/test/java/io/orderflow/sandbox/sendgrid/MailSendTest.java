package io.orderflow.sandbox.sendgrid;

import static org.assertj.core.api.Assertions.assertThat;

import com.sendgrid.helpers.mail.Mail;
import com.sendgrid.helpers.mail.objects.Content;
import com.sendgrid.helpers.mail.objects.Email;
import com.sendgrid.helpers.mail.objects.MailSettings;
import com.sendgrid.helpers.mail.objects.Personalization;
import com.sendgrid.helpers.mail.objects.Setting;
import io.orderflow.sandbox.testing.RunningSandbox;
import io.orderflow.sandbox.testing.RunningSandbox.Answer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailSendTest {

    private static final String TO = "\"personalizations\": [{\"to\": [{\"email\": \"ann@example.com\"}]}]";
    private static final String FROM = "\"from\": {\"email\": \"orders@shop.example\"}";
    private static final String SUBJECT = "\"subject\": \"Hello\"";
    private static final String CONTENT = "\"content\": [{\"type\": \"text/plain\", \"value\": \"Hi\"}]";
    private static final String HELP = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#";

    @TempDir
    static Path data;

    private static RunningSandbox sandbox;

    @BeforeAll
    static void start() {
        sandbox = RunningSandbox.start(data);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @BeforeEach
    void reset() {
        sandbox.reset();
    }

    @Test
    void shouldAcceptAMailOfTheVendorsClient() throws IOException {
        // Given
        var mail = new Mail();
        mail.setFrom(new Email(sandbox.environment("SENDGRID_FROM_EMAIL"), "Orderflow"));
        mail.setSubject("Your order");
        var personalization = new Personalization();
        personalization.addTo(new Email("ann@example.com", "Ann"));
        personalization.addCustomArg("delivery_id", "d-1");
        mail.addPersonalization(personalization);
        mail.addContent(new Content("text/plain", "Thank you"));
        mail.addContent(new Content("text/html", "<p>Thank you</p>"));
        mail.addCustomArg("order_id", "o-1");
        mail.addCategory("order.created");

        // When
        var answer = send(mail.build());

        // Then
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("X-Message-Id")).isNotBlank();
        assertThat(answer.header("X-RateLimit-Limit")).isEqualTo("10000");
        assertThat(answer.header("X-RateLimit-Remaining")).isEqualTo("9999");
        assertThat(Long.parseLong(answer.header("X-RateLimit-Reset")))
                .isGreaterThanOrEqualTo(Instant.now().minusSeconds(60).getEpochSecond());
        var sent = sandbox.effects("sendgrid").get("mails");
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).get("id").textValue()).isEqualTo(answer.header("X-Message-Id"));
        assertThat(sent.get(0).get("to").textValue()).isEqualTo("ann@example.com");
        assertThat(sent.get(0).get("from").textValue()).isEqualTo("orders@shop.example");
        assertThat(sent.get(0).get("subject").textValue()).isEqualTo("Your order");
        assertThat(sent.get(0).get("text").textValue()).isEqualTo("Thank you");
        assertThat(sent.get(0).get("html").textValue()).isEqualTo("<p>Thank you</p>");
        assertThat(sent.get(0).get("customArgs").toString())
                .isEqualTo("{\"order_id\":\"o-1\",\"delivery_id\":\"d-1\"}");
        assertThat(sent.get(0).get("categories").toString()).isEqualTo("[\"order.created\"]");
        assertThat(sent.get(0).get("status").textValue()).isIn("accepted", "processed", "delivered");
        assertThat(sent.get(0).has("acceptedAt")).isTrue();
    }

    @Test
    void shouldSendTheSameMailTwiceWhenAskedTwice() {
        // Given
        var mail = mail(TO, FROM, SUBJECT, CONTENT);

        // When
        var first = send(mail);
        var second = send(mail);

        // Then
        assertThat(first.header("X-Message-Id")).isNotEqualTo(second.header("X-Message-Id"));
        assertThat(sandbox.effects("sendgrid").get("mails")).hasSize(2);
    }

    @Test
    void shouldSendOneMailToEachRecipient() {
        // Given
        var mail = mail(
                "\"personalizations\": [{\"to\": [{\"email\": \"a@example.com\"}], \"bcc\": [{\"email\": \"b@example.com\"}]},"
                        + " {\"to\": [{\"email\": \"c@example.com\"}], \"subject\": \"For %name%\","
                        + " \"substitutions\": {\"%name%\": \"Cid\"}}]",
                FROM, SUBJECT, CONTENT);

        // When
        var answer = send(mail);

        // Then
        assertThat(answer.status()).isEqualTo(202);
        var sent = sandbox.effects("sendgrid").get("mails");
        assertThat(sent.findValuesAsText("to")).containsExactly("a@example.com", "b@example.com", "c@example.com");
        assertThat(sent.findValuesAsText("subject")).containsExactly("Hello", "Hello", "For Cid");
        assertThat(sent.findValuesAsText("id")).containsOnly(answer.header("X-Message-Id"));
    }

    @Test
    void shouldCheckButNotSendInSandboxMode() throws IOException {
        // Given
        var mail = new Mail(
                new Email("orders@shop.example"),
                "Hello",
                new Email("ann@example.com"),
                new Content("text/plain", "Hi"));
        var settings = new MailSettings();
        var on = new Setting();
        on.setEnable(true);
        settings.setSandboxMode(on);
        mail.setMailSettings(settings);

        // When
        var answer = send(mail.build());

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("X-Message-Id")).isNull();
        assertThat(sandbox.effects("sendgrid").get("mails")).isEmpty();
    }

    @Test
    void shouldRefuseASenderThatIsNotVerified() {
        // When
        var answer = send(mail(TO, "\"from\": {\"email\": \"someone@else.example\"}", SUBJECT, CONTENT));

        // Then
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"errors\":[{\"message\":\"The from address does not match a verified Sender Identity. Mail"
                                + " cannot be sent until this error is resolved. Visit"
                                + " https://sendgrid.com/docs/for-developers/sending-email/sender-identity/ to see the Sender"
                                + " Identity requirements\",\"field\":\"from\",\"help\":null}]}");
        assertThat(sandbox.effects("sendgrid").get("mails")).isEmpty();
    }

    @Test
    void shouldRefuseACallWithoutTheKey() {
        // Given
        var body = HttpRequest.BodyPublishers.ofString(mail(TO, FROM, SUBJECT, CONTENT));

        // When
        var without = sandbox.send(sandbox.request("/sendgrid/v3/mail/send").POST(body));
        var wrong = sandbox.send(sandbox.request("/sendgrid/v3/mail/send")
                .header("Authorization", "Bearer SG.wrong")
                .POST(body));

        // Then
        assertThat(without.status()).isEqualTo(401);
        assertThat(without.body())
                .isEqualTo("{\"errors\":[{\"message\":\"authorization required\",\"field\":null,\"help\":null}]}");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.body())
                .isEqualTo("{\"errors\":[{\"message\":\"The provided authorization grant is invalid, expired, or"
                        + " revoked\",\"field\":null,\"help\":null}]}");
    }

    @Test
    void shouldNameEveryMissingField() {
        // When
        var answer = send("{}");

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().findValuesAsText("field"))
                .containsExactly("from.email", "personalizations", "subject", "content");
        assertThat(answer.json().get("errors").get(1).toString())
                .isEqualTo("{\"message\":\"The personalizations field is required and must have at least one"
                        + " personalization.\",\"field\":\"personalizations\",\"help\":\"" + HELP
                        + "-Personalizations-Errors\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | personalizations | The personalizations field is required",
                "[{}] | personalizations.0.to | The to array is required",
                "[{'to': []}] | personalizations.0.to | The to array is required",
                "['x'] | personalizations.0 | Invalid type. Expected: object, given: string.",
                "[{'to': ['x']}] | personalizations.0.to.0 | Invalid type. Expected: object, given: string.",
                "[{'to': [{}]}] | personalizations.0.to.0.email | The to email parameter is required.",
                "[{'to': [{'email': ''}]}] | personalizations.0.to.0.email | The to email parameter is required.",
                "[{'to': [{'email': 'ann'}]}] | personalizations.0.to.0.email | Does not contain a valid address.",
                "[{'to': [{'email': ['a@example.com']}]}] | personalizations.0.to.0.email | Invalid type. Expected: string, given: array.",
                "[{'to': [{'email': 'a@example.com'}], 'cc': [{'email': 'A@example.com'}]}] | personalizations.0 | Each email address in the personalization block should be unique between to, cc, and bcc. We found the first duplicate instance of [A@example.com] in the personalizations.0.cc field.",
                "[{'to': [{'email': 'a@example.com'}, {'email': 'a@example.com'}]}] | personalizations.0 | Each email address",
                "[{'to': [{'email': 'a@example.com'}], 'subject': ''}] | personalizations.0.subject | The subject of your email must be a string at least one character in length.",
                "[{'to': [{'email': 'a@example.com'}], 'custom_args': {'n': 1}}] | personalizations.0.custom_args | All values of custom arguments object must be strings",
                "[{'to': [{'email': 'a@example.com'}], 'custom_args': {}}] | personalizations.0.custom_args | custom_args cannot be empty.",
                "[{'to': [{'email': 'a@example.com'}], 'headers': {'Subject': 'x'}}] | personalizations.0.headers | Header cannot be one of the reserved keys.",
                "[{'to': [{'email': 'a@example.com'}], 'headers': {'X A': 'x'}}] | personalizations.0.headers | Header keys cannot contain non-ASCII characters or empty spaces.",
                "[{'to': [{'email': 'a@example.com'}], 'substitutions': {'a': 1}}] | personalizations.0.substitutions | The substitution values must be",
                "[{'to': [{'email': 'a@example.com'}], 'send_at': '1'}] | personalizations.0.send_at | The send_at parameter is expecting a Unix timestamp",
            })
    void shouldRefuseAPersonalization(String personalizations, String field, String message) {
        // Given
        var list = "\"personalizations\": " + personalizations.replace('\'', '"');

        // When
        var answer = send(mail(list, FROM, SUBJECT, CONTENT));

        // Then
        shouldBeRefused(answer, field, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'content': [] | content | Unless a valid template_id is provided, the content parameter is required.",
                "'content': [{'type': 'text/plain', 'value': ''}] | content.0.value | The content value must be a string at least one character in length.",
                "'content': [{'value': 'x'}] | content.0.type | The content type must be a string at least one character in length.",
                "'content': [{'type': 'text/plain; charset=utf-8', 'value': 'x'}] | content.0.type | Cannot contain ';', or CRLF characters.",
                "'content': [{'type': 'text/html', 'value': 'x'}, {'type': 'text/plain', 'value': 'x'}] | content | Following RFC 1341, section 7.2",
                "'content': [{'type': 'text/calendar', 'value': 'x'}, {'type': 'text/html', 'value': 'x'}] | content | Following RFC 1341, section 7.2",
                "'content': [{'type': 'text/html', 'value': 'x'}, {'type': 'text/html', 'value': 'x'}] | content | If present, text/plain and text/html may only be provided once.",
                "'subject': '' | subject | The subject of your email must be a string at least one character in length.",
                "'subject': 5 | subject | The subject of your email must be a string at least one character in length.",
                "'from': 'orders@shop.example' | from | Invalid type. Expected: object, given: string.",
                "'from': {'email': 'orders'} | from.email | The from email does not contain a valid address.",
                "'reply_to': {'email': 'x'} | reply_to.email | The reply_to email does not contain a valid address.",
                "'categories': ['a', 'a'] | categories | The categories must be a unique list, and you have included a more than once.",
                "'categories': ['1','2','3','4','5','6','7','8','9','10','11'] | categories | There is a limit of 10 categories for each email that is sent. You provided 11 categories.",
                "'categories': [1] | categories.0 | Categories must be an array of strings.",
                "'categories': 'a' | categories | Invalid type. Expected: array, given: string.",
                "'custom_args': {'n': 1} | custom_args | All values of custom arguments object must be strings",
                "'headers': {'x-sg-eid': 'x'} | headers | Header cannot be one of the reserved keys.",
                "'headers': {'X-A': 1} | headers | All values of the headers object must be strings.",
                "'attachments': [{'content': 'eA=='}] | attachments.0.filename | filename is required.",
                "'attachments': [{'content': '*', 'filename': 'a'}] | attachments.0.content | The attachment content must be base64 encoded.",
                "'attachments': [{'filename': 'a'}] | attachments.0.content | The attachment content must be a string at least one character in length.",
                "'attachments': [{'content': 'eA==', 'filename': 'a', 'disposition': 'x'}] | attachments.0.disposition | The disposition of your attachment can be either",
                "'template_id': 'd-1' | template_id | The Template ID must be a valid template id for your account. You provided d-1.",
                "'asm': {'group_id': 1} | asm.group_id | The ASM group ID must be a valid Group ID on your account. You provided 1.",
                "'ip_pool_name': 'pool' | ip_pool_name | The IP Pool name must be a valid pool name for your account.",
                "'batch_id': 'b' | batch_id | invalid batch id",
                "'send_at': 99999999999 | send_at | Scheduling more than 72 hours in advance is forbidden.",
                "'mail_settings': {'sandbox_mode': {'enable': 'yes'}} | mail_settings.sandbox_mode.enable | The sandbox mode enable param should be a boolean value.",
                "'mail_settings': {'bypass_list_management': {'enable': true}, 'bypass_spam_management': {'enable': true}} | mail_settings.bypass_spam_management | This filter cannot be combined",
                "'tracking_settings': {'click_tracking': {'enable': 1}} | tracking_settings.click_tracking.enable | The click tracking enable param should be a boolean value.",
            })
    void shouldRefuseAField(String given, String field, String message) {
        // Given
        var replaced = given.replace('\'', '"');
        var name = replaced.substring(0, replaced.indexOf(':'));
        var parts = Stream.of(TO, FROM, SUBJECT, CONTENT)
                .filter(part -> !part.startsWith(name + ":"))
                .collect(Collectors.toList());
        parts.add(replaced);

        // When
        var answer = send(mail(parts.toArray(String[]::new)));

        // Then
        shouldBeRefused(answer, field, message);
    }

    private static void shouldBeRefused(Answer answer, String field, String message) {
        assertThat(answer.status()).isEqualTo(400);
        var error = answer.json().get("errors").get(0);
        assertThat(error.get("field").textValue()).isEqualTo(field);
        assertThat(error.get("message").textValue()).startsWith(message);
        assertThat(error.get("help").textValue()).startsWith(HELP);
        assertThat(sandbox.effects("sendgrid").get("mails")).isEmpty();
    }

    @Test
    void shouldCountTheBytesOfCustomArgumentsTogether() {
        // Given
        var arguments = "\"custom_args\": {\"a\": \"" + "x".repeat(6000) + "\"}";
        var more = "\"personalizations\": [{\"to\": [{\"email\": \"a@example.com\"}], \"custom_args\": {\"b\": \""
                + "x".repeat(4000) + "\"}}]";

        // When
        var alone = send(mail(TO, FROM, SUBJECT, CONTENT, arguments));
        var together = send(mail(more, FROM, SUBJECT, CONTENT, arguments));

        // Then
        assertThat(alone.status()).isEqualTo(202);
        assertThat(together.status()).isEqualTo(400);
        assertThat(together.json().get("errors").get(0).get("field").textValue())
                .isEqualTo("personalizations.0.custom_args");
    }

    @Test
    void shouldRefuseMoreThanAThousandRecipients() {
        // Given
        var to = IntStream.rangeClosed(0, 1000)
                .mapToObj(i -> "{\"email\": \"r" + i + "@example.com\"}")
                .collect(Collectors.joining(","));

        // When
        var answer = send(mail("\"personalizations\": [{\"to\": [" + to + "]}]", FROM, SUBJECT, CONTENT));

        // Then
        shouldBeRefused(
                answer, "personalizations", "There is a limit of 1000 total recipients (to + cc + bcc) per request.");
    }

    @Test
    void shouldRefuseMoreThanAThousandPersonalizations() {
        // Given
        var all = IntStream.rangeClosed(0, 1000)
                .mapToObj(i -> "{\"to\": [{\"email\": \"r" + i + "@example.com\"}]}")
                .collect(Collectors.joining(","));

        // When
        var answer = send(mail("\"personalizations\": [" + all + "]", FROM, SUBJECT, CONTENT));

        // Then
        shouldBeRefused(answer, "personalizations", "The personalization block is limited to 1000 personalizations");
    }

    @Test
    void shouldRefuseABodyThatIsNoJson() {
        // When
        var answer = send("{\"personalizations\": [");

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"errors\":[{\"message\":\"Bad Request\",\"field\":null,\"help\":null}]}");
    }

    @Test
    void shouldRefuseAnotherContentType() {
        // When
        var answer = sandbox.send(sandbox.request("/sendgrid/v3/mail/send")
                .header("Authorization", "Bearer " + sandbox.environment("SENDGRID_API_KEY"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(mail(TO, FROM, SUBJECT, CONTENT))));

        // Then
        assertThat(answer.status()).isEqualTo(415);
    }

    @Test
    void shouldRefuseABodyOfMoreThan30Megabytes() {
        // Given
        var huge = "\"content\": [{\"type\": \"text/plain\", \"value\": \"" + "x".repeat(30 * 1024 * 1024) + "\"}]";

        // When
        var answer = send(mail(TO, FROM, SUBJECT, huge));

        // Then
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().get("errors").get(0).get("message").textValue())
                .isEqualTo("content too large");
    }

    @Test
    void shouldTellWhatTheKeyMayDo() {
        // When
        var answer = sandbox.send(authorized("/sendgrid/v3/scopes").GET());

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("scopes").toString()).contains("mail.send");
        assertThat(answer.header("X-RateLimit-Limit")).isEqualTo("600");
    }

    @Test
    void shouldKnowNoOtherMethodsAndPaths() {
        // When
        var method = sandbox.send(authorized("/sendgrid/v3/mail/send").GET());
        var path = sandbox.send(authorized("/sendgrid/v3/marketing").GET());

        // Then
        assertThat(method.status()).isEqualTo(405);
        assertThat(path.status()).isEqualTo(404);
    }

    @Test
    void shouldSayInItsOwnFormatThatAFaultStruck() {
        // Given
        sandbox.fault(
                "{\"service\": \"sendgrid\", \"operation\": \"mail.send\", \"kind\": \"rate-limit\", \"times\": 1}");

        // When
        var answer = send(mail(TO, FROM, SUBJECT, CONTENT));

        // Then
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.json().get("errors").get(0).get("message").textValue())
                .isEqualTo("too many requests");
        assertThat(sandbox.effects("sendgrid").get("mails")).isEmpty();
    }

    @Test
    void shouldRefuseTheFirstCallBeyondTheRate() {
        // Given
        var calls = IntStream.range(0, 601)
                .mapToObj(i -> sandbox.send(authorized("/sendgrid/v3/scopes").GET()))
                .toList();

        // When
        var last = calls.getLast();

        // Then
        assertThat(last.status()).isEqualTo(429);
        assertThat(last.header("X-RateLimit-Remaining")).isEqualTo("0");
    }

    private static HttpRequest.Builder authorized(String path) {
        return sandbox.request(path).header("Authorization", "Bearer " + sandbox.environment("SENDGRID_API_KEY"));
    }

    private static Answer send(String mail) {
        return sandbox.send(authorized("/sendgrid/v3/mail/send")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(mail)));
    }

    private static String mail(String... fields) {
        return "{" + String.join(", ", fields) + "}";
    }
}
