package io.orderflow.sandbox.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shares one path with others: the page, and the services behind the one endpoint. */
class EndpointTest {

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

    @Test
    void shouldShowThePage() {
        // When
        var page = aws.get("/");

        // Then
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.body()).contains("<title>Orderflow sandbox</title>");
    }

    @Test
    void shouldShowAPageThatLoadsNothingFromElsewhere() {
        // When
        var page = aws.get("/").body();

        // Then
        assertThat(page).doesNotContain("//cdn").doesNotContainPattern("(src|href)=\"(https?:)?//");
        assertThat(page).contains("default-src 'none'").contains("sandbox: ''");
    }

    @Test
    void shouldAnswerLinksOfSnsOnThePathOfThePage() {
        // When
        var answer = aws.get("/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-east-1:000000000000:order-events");

        // Then
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("<Code>InvalidParameter</Code>").contains("Token");
    }

    @Test
    void shouldNotAnswerServicesThatItDoesNotHave() {
        // When
        var answer = aws.send(aws.request("/")
                .header("X-Amz-Target", "Kinesis_20131202.ListStreams")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));

        // Then
        assertThat(answer.statusCode()).isEqualTo(405);
    }

    @Test
    void shouldWriteTheEnvironmentOfTheApp() throws Exception {
        assertThat(Files.readAllLines(data.resolve("app.env")))
                .contains(
                        "AWS_ENDPOINT_URL=" + aws.base(),
                        "AWS_REGION=us-east-1",
                        "ORDERS_TABLE=orders",
                        "ORDER_EVENTS_QUEUE=" + aws.queueUrl("order-events"),
                        "DEAD_LETTER_QUEUE=" + aws.queueUrl("order-dead-letters"),
                        "ORDER_TOPIC_ARN=arn:aws:sns:us-east-1:000000000000:order-events",
                        "ALERT_TOPIC_ARN=arn:aws:sns:us-east-1:000000000000:order-alerts")
                .anyMatch(line -> line.startsWith("AWS_ACCESS_KEY_ID="))
                .anyMatch(line -> line.startsWith("AWS_SECRET_ACCESS_KEY="));
    }

    @Test
    void shouldShowTheEffectsOfEveryService() {
        // When
        var effects = RunningAws.json(aws.get("/sandbox/effects").body());

        // Then
        assertThat(effects.fieldNames()).toIterable().contains("dynamodb", "sqs", "sns", "cloudwatch");
    }
}
