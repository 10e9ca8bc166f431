package io.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.RateLimitException;
import com.stripe.model.StripeError;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.sns.model.SnsException;

class FailureTest {

    @ParameterizedTest
    @CsvSource({
        "400, true",
        "401, true",
        "404, true",
        "408, false",
        "409, false",
        "425, false",
        "429, false",
        "500, false",
        "503, false"
    })
    void shouldKnowWhichHttpAnswersAreFinal(int status, boolean isFinal) {
        // When
        var failure = Failure.of(new RuntimeCamelException(http(status, Map.of())));

        // Then
        assertThat(failure.isFinal()).isEqualTo(isFinal);
        assertThat(failure.cause()).isEqualTo("http-" + status);
    }

    @Test
    void shouldKeepTheCauseShort() {
        // When
        var failure = Failure.of(new InvalidRequestException("No", null, null, "c".repeat(5000), 400, null));

        // Then
        assertThat(failure.cause()).isEqualTo("c".repeat(64));
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "86400, 3600"})
    void shouldHonourRetryAfterWithinReason(String header, long seconds) {
        // When
        var failure = Failure.of(http(429, Map.of("Retry-After", header)));

        // Then
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void shouldHearRetryAfterFromStripeAndFromAws() {
        // Given
        var error = new StripeError();
        error.setLastResponse(new StripeResponse(429, HttpHeaders.of(Map.of("Retry-After", List.of("3"))), "{}"));
        var stripe = new RateLimitException("Slow down", null, null, null, 429, null);
        stripe.setStripeError(error);
        var aws = SnsException.builder()
                .statusCode(503)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("Unavailable")
                        .sdkHttpResponse(SdkHttpResponse.builder()
                                .putHeader("Retry-After", "4")
                                .build())
                        .build())
                .build();

        // Then
        assertThat(Failure.of(stripe).retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(Failure.of(aws).retryAfter()).contains(Duration.ofSeconds(4));
    }

    @ParameterizedTest
    @CsvSource({"soon", "-1", "99999999999999999999"})
    void shouldIgnoreARetryAfterThatIsNoNumberOfSeconds(String header) {
        // Then
        assertThat(Failure.of(http(429, Map.of("Retry-After", header))).retryAfter())
                .isEmpty();
    }

    @Test
    void shouldAskForANewKeyOnlyAfterAnAnswerThatStripeHasSaved() {
        // Then
        assertThat(Failure.of(new ApiException("Oops", "req_1", null, 500, null))
                        .needsNewKey())
                .isTrue();
        assertThat(Failure.of(new ApiException("In use", "req_1", null, 409, null))
                        .needsNewKey())
                .isFalse();
        assertThat(Failure.of(new ApiConnectionException("Timeout", new SocketTimeoutException()))
                        .needsNewKey())
                .isFalse();
    }

    @Test
    void shouldNotTakeAPaymentThatIsJustChangingForARefusal() {
        // Given
        var changing = new InvalidRequestException(
                "You cannot cancel this", null, "req_1", "payment_intent_unexpected_state", 400, null);
        var wrong = new InvalidRequestException("No such", null, "req_1", "resource_missing", 404, null);

        // Then
        assertThat(Failure.of(changing).isFinal()).isFalse();
        assertThat(Failure.of(wrong).isFinal()).isTrue();
        assertThat(Failure.of(wrong).cause()).isEqualTo("resource_missing");
    }

    @Test
    void shouldNotTakeThrottlingForARefusal() {
        // Given
        var throttled = SnsException.builder()
                .awsErrorDetails(
                        AwsErrorDetails.builder().errorCode("Throttling").build())
                .statusCode(400)
                .build();

        // Then
        assertThat(Failure.of(throttled).isFinal()).isFalse();
        assertThat(Failure.of(throttled).cause()).isEqualTo("Throttling");
    }

    @Test
    void shouldNameOtherFailuresByTheirRoot() {
        // Given
        var failure = Failure.of(new RuntimeCamelException(new IOException("a\n b", new SocketTimeoutException())));

        // Then
        assertThat(failure.cause()).isEqualTo("socket-timeout");
        assertThat(failure.message()).doesNotContain("\n");
    }

    @Test
    void shouldShortenWhatAThirdPartySays() {
        // When
        var failure = Failure.of(new IOException("x".repeat(10_000)));

        // Then
        assertThat(failure.message()).hasSizeLessThan(400);
    }

    private static HttpOperationFailedException http(int status, Map<String, String> headers) {
        return new HttpOperationFailedException("http://localhost", status, "", null, headers, "Oops");
    }
}
