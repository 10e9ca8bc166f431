package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Sandbox;
import io.orderflow.sandbox.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A sandbox on a free port, and Amazon's own clients for it, which try everything once only. */
final class RunningAws implements AutoCloseable {

    private final Sandbox sandbox;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final SdkHttpClient sdk =
            ApacheHttpClient.builder().maxConnections(100).build();
    final DynamoDbClient dynamoDb;
    final SqsClient sqs;
    final SnsClient sns;
    final CloudWatchClient cloudWatch;

    private RunningAws(Sandbox sandbox) {
        this.sandbox = sandbox;
        dynamoDb = configured(DynamoDbClient.builder());
        sqs = configured(SqsClient.builder());
        sns = configured(SnsClient.builder());
        cloudWatch = configured(CloudWatchClient.builder());
    }

    static RunningAws start(Path data) {
        return start(data, 0, 1);
    }

    static RunningAws start(Path data, int port, double timeScale) {
        try {
            return new RunningAws(Sandbox.start(new World.Settings(
                    URI.create("http://localhost:" + port), URI.create("http://localhost:1"), data, timeScale)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <
                    B extends
                            AwsSyncClientBuilder<B, C>
                                    & software.amazon.awssdk.awscore.client.builder.AwsClientBuilder<B, C>,
                    C>
            C configured(B builder) {
        var environment = sandbox.environment();
        return builder.httpClient(sdk)
                .endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL")))
                .region(Region.of(environment.get("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY"))))
                .overrideConfiguration(configuration ->
                        configuration.retryStrategy(RetryMode.STANDARD).retryStrategy(retry -> retry.maxAttempts(1)))
                .build();
    }

    URI base() {
        return sandbox.base();
    }

    String environment(String name) {
        return sandbox.environment().get(name);
    }

    String queueUrl(String name) {
        return sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
    }

    /** Switches a fault on; {@code members} are those of a rule besides service, operation and kind. */
    void fault(String service, String operation, String kind, String members) {
        var rule = "{\"service\":\"%s\",\"operation\":\"%s\",\"kind\":\"%s\"%s}"
                .formatted(service, operation, kind, members.isEmpty() ? "" : "," + members);
        var answer = send(request("/sandbox/faults").POST(HttpRequest.BodyPublishers.ofString(rule)));
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(answer.body());
        }
    }

    JsonNode effects(String service) {
        return json(get("/sandbox/effects/" + service).body());
    }

    void reset() {
        var answer = send(request("/sandbox/reset").POST(HttpRequest.BodyPublishers.noBody()));
        if (answer.statusCode() != 204) {
            throw new IllegalStateException(answer.body());
        }
    }

    HttpResponse<String> get(String path) {
        return send(request(path));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base().resolve(path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    static JsonNode json(String text) {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("No JSON: " + text, e);
        }
    }

    /** Ends the sandbox, and leaves the clients to see it. */
    void stop() {
        sandbox.close();
    }

    @Override
    public void close() {
        dynamoDb.close();
        sqs.close();
        sns.close();
        cloudWatch.close();
        sdk.close();
        http.close();
        sandbox.close();
    }
}
