package io.orderflow.sandbox.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsManagerTest {

    @TempDir
    static Path data;

    private static RunningAws aws;

    @BeforeAll
    static void start() {
        aws = RunningAws.start(data);
    }

    @AfterAll
    static void stop() {
        aws.close();
    }

    @BeforeEach
    void reset() {
        aws.reset();
    }

    @Test
    void shouldGiveASecretByNameAndByArn() {
        // Given
        var made = json(ask("CreateSecret", "{\"Name\":\"shop/keys\",\"SecretString\":\"one\"}"));
        ask("PutSecretValue", "{\"SecretId\":\"shop/keys\",\"SecretString\":\"two\"}");

        // When
        var byName = json(ask("GetSecretValue", "{\"SecretId\":\"shop/keys\"}"));
        var byArn = json(ask(
                "GetSecretValue",
                "{\"SecretId\":\"%s\"}".formatted(made.path("ARN").asText())));

        // Then
        assertThat(made.has("SecretString")).isFalse();
        assertThat(byName.path("SecretString").asText()).isEqualTo("two");
        assertThat(byArn).isEqualTo(byName);
    }

    @Test
    void shouldSayThatThereIsNoSuchSecret() {
        // When
        var answer = ask("GetSecretValue", "{\"SecretId\":\"shop/other\"}");

        // Then
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("__type").asText()).isEqualTo("ResourceNotFoundException");
    }

    private static HttpResponse<String> ask(String operation, String body) {
        return aws.send(aws.request("/")
                .header("X-Amz-Target", "secretsmanager." + operation)
                .header("Content-Type", "application/x-amz-json-1.1")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return RunningAws.json(answer.body());
    }
}
