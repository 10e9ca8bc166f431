package io.orderflow.stripe;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.StripeException;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Carries stripe-java's requests over the JDK's HTTP client, because stripe-java's own transport cannot bound a call:
 * its timeout starts again with every byte read, and it reads an answer of any length. Here the read timeout of a
 * request holds for the whole call, from connecting to the answer's last byte, and an answer has a largest size.
 *
 * <p>Whatever leaves the outcome open is an {@link ApiConnectionException}: no answer in time, or one of success that
 * is not Stripe's. A failure that is not Stripe's (a proxy's page, say) is an {@link ApiException} with its status.
 */
final class StripeHttpClient extends HttpClient implements AutoCloseable {

    /** A page of a hundred objects, each with several others expanded in it, stays far below. */
    static final int MAX_ANSWER_BYTES = 4 * 1024 * 1024;

    private final String stripeUserAgent = buildXStripeClientUserAgentString();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final java.net.http.HttpClient client;

    StripeHttpClient(Duration connectTimeout) {
        client = java.net.http.HttpClient.newBuilder()
                .version(java.net.http.HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .executor(executor)
                .build();
    }

    @Override
    public StripeResponse request(StripeRequest request) throws StripeException {
        var call = client.sendAsync(
                toHttp(request),
                BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_ANSWER_BYTES));
        try {
            return toStripe(call.get(request.options().getReadTimeout(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            throw notAnswered(
                    request,
                    new SocketTimeoutException(
                            "no whole answer within " + request.options().getReadTimeout() + " ms"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notAnswered(request, new InterruptedIOException("interrupted while waiting for the answer"));
        } catch (ExecutionException e) {
            throw notAnswered(request, e.getCause());
        } finally {
            // Closes the connection of a call that was given up; a call that is over does not notice.
            call.cancel(true);
        }
    }

    private HttpRequest toHttp(StripeRequest request) {
        var http = HttpRequest.newBuilder(URI.create(request.url().toString()));
        request.headers().map().forEach((name, values) -> http.setHeader(name, String.join(",", values)));
        http.setHeader("User-Agent", buildUserAgentString(request));
        http.setHeader("X-Stripe-Client-User-Agent", stripeUserAgent);
        if (request.content() == null) {
            return http.method(request.method().name(), BodyPublishers.noBody()).build();
        }
        return http.setHeader("Content-Type", request.content().contentType())
                .method(
                        request.method().name(),
                        BodyPublishers.ofByteArray(request.content().byteArrayContent()))
                .build();
    }

    /** Left to itself, stripe-java fails with a NullPointerException on some foreign answers, and quotes the others. */
    private static StripeResponse toStripe(HttpResponse<String> answer) throws StripeException {
        var response = new StripeResponse(
                answer.statusCode(), HttpHeaders.of(answer.headers().map()), answer.body());
        if (isFromStripe(answer)) {
            return response;
        }
        var message = "The answer with status " + answer.statusCode() + " is not one of Stripe's";
        // The work may be done and its answer lost, as when the connection breaks.
        if (isSuccess(answer)) {
            throw new ApiConnectionException(message);
        }
        throw new ApiException(message, response.requestId(), null, answer.statusCode(), null);
    }

    /** Every object of Stripe's says which kind it is, and every failure is in an error object. */
    private static boolean isFromStripe(HttpResponse<String> answer) {
        try {
            if (!(JsonParser.parseString(answer.body()) instanceof JsonObject json)) {
                return false;
            }
            return isSuccess(answer)
                    ? json.get("object") instanceof JsonPrimitive
                    : json.get("error") instanceof JsonObject;
        } catch (JsonParseException e) {
            return false;
        }
    }

    private static boolean isSuccess(HttpResponse<?> answer) {
        return answer.statusCode() >= 200 && answer.statusCode() < 300;
    }

    private static ApiConnectionException notAnswered(StripeRequest request, Throwable cause) {
        var reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new ApiConnectionException(
                request.method() + " " + request.url().getProtocol() + "://"
                        + request.url().getAuthority() + request.url().getPath() + " was not answered: " + reason,
                cause);
    }

    @Override
    public void close() {
        client.shutdownNow();
        executor.shutdownNow();
    }
}
