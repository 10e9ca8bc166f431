package io.orderflow.sandbox.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

class DynamoDbTest {

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
    void shouldKeepWhatIsPut() {
        // Given
        put("1", "pending");

        // When
        var item = get("1");

        // Then
        assertThat(item).containsEntry("status", AttributeValue.fromS("pending"));
    }

    @Test
    void shouldHaveTheIndexesOfTheOrdersTable() {
        // When
        var table = aws.dynamoDb
                .describeTable(request -> request.tableName(aws.environment("ORDERS_TABLE")))
                .table();

        // Then
        assertThat(table.globalSecondaryIndexes())
                .extracting(GlobalSecondaryIndexDescription::indexName)
                .containsExactlyInAnyOrder("due", "sheet", "dead", "byDay", "byCustomer");
    }

    @Test
    void shouldRefuseWhenConditionFails() {
        // Given
        put("1", "pending");

        // When
        // Then
        assertThatThrownBy(() -> aws.dynamoDb.putItem(request -> request.tableName("orders")
                        .item(Map.of("id", AttributeValue.fromS("1")))
                        .conditionExpression("attribute_not_exists(id)")))
                .isInstanceOf(ConditionalCheckFailedException.class);
    }

    @Test
    void shouldPassTheChecksumOfAnAnswerOn() {
        // When
        var answer = aws.send(aws.request("/")
                .header("X-Amz-Target", "DynamoDB_20120810.ListTables")
                .header("Content-Type", "application/x-amz-json-1.0")
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=SANDBOX/20260101/us-east-1/dynamodb/aws4_request,"
                                + " SignedHeaders=host, Signature=0")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));

        // Then
        var checksum = new java.util.zip.CRC32();
        checksum.update(answer.body().getBytes());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-amz-crc32")).contains(String.valueOf(checksum.getValue()));
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-amz-json-1.0");
    }

    @Test
    void shouldDoNothingWhenThrottled() {
        // Given
        aws.fault("dynamodb", "PutItem", "rate-limit", "");

        // When
        // Then
        assertThatThrownBy(() -> put("1", "pending"))
                .isInstanceOfSatisfying(ProvisionedThroughputExceededException.class, throttled -> assertThat(
                                throttled.isThrottlingException())
                        .isTrue());
        assertThat(get("1")).isEmpty();
    }

    @Test
    void shouldDoNothingWhenFailing() {
        // Given
        aws.fault("dynamodb", "PutItem", "status", "\"status\":503");

        // When
        // Then
        assertThatThrownBy(() -> put("1", "pending"))
                .isInstanceOfSatisfying(InternalServerErrorException.class, failure -> assertThat(failure.statusCode())
                        .isEqualTo(503));
        assertThat(get("1")).isEmpty();
    }

    @Test
    void shouldTellAccessDeniedFromThrottled() {
        // Given
        aws.fault("dynamodb", "PutItem", "status", "\"status\":403");

        // When
        // Then
        assertThatThrownBy(() -> put("1", "pending"))
                .isInstanceOfSatisfying(DynamoDbException.class, denied -> assertThat(
                                denied.awsErrorDetails().errorCode())
                        .isEqualTo("AccessDeniedException"));
    }

    @Test
    void shouldDoNothingWhenConnectionIsReset() {
        // Given
        aws.fault("dynamodb", "PutItem", "reset", "");

        // When
        // Then
        assertThatThrownBy(() -> put("1", "pending")).isInstanceOf(SdkClientException.class);
        assertThat(get("1")).isEmpty();
    }

    @Test
    void shouldDoTheWorkWhenAnswerIsLost() {
        // Given
        aws.fault("dynamodb", "PutItem", "lost-answer", "");

        // When
        // Then
        assertThatThrownBy(() -> put("1", "pending")).isInstanceOf(SdkClientException.class);
        assertThat(get("1")).isNotEmpty();
    }

    @Test
    void shouldDoTheWorkWhenStatusComesAfter() {
        // Given
        aws.fault("dynamodb", "PutItem", "status-after", "\"status\":500");

        // When
        // Then
        assertThatThrownBy(() -> put("1", "pending")).isInstanceOf(InternalServerErrorException.class);
        assertThat(get("1")).isNotEmpty();
    }

    @Test
    void shouldSpoilAnswer() {
        // Given
        aws.fault("dynamodb", "PutItem", "malformed", "");

        // When
        // Then
        assertThatThrownBy(() -> put("1", "pending")).isInstanceOf(Crc32MismatchException.class);
    }

    @Test
    void shouldDelayTheOperationOfTheFaultOnly() {
        // Given
        aws.fault("dynamodb", "PutItem", "latency", "\"delayMillis\":300");

        // When
        var whole = took(() -> put("1", "pending"));

        // Then
        assertThat(whole).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(RunningAws.json(aws.get("/sandbox/calls").body())
                        .at("/dynamodb/PutItem")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void shouldCountItemsByStatusOverManyPages() {
        // Given
        var large = "x".repeat(300_000);
        for (int i = 0; i < 8; i++) {
            var item = Map.of(
                    "id", AttributeValue.fromS("order-" + i),
                    "status", AttributeValue.fromS(i < 5 ? "paid" : "shipped"),
                    "note", AttributeValue.fromS(large));
            aws.dynamoDb.putItem(request -> request.tableName("orders").item(item));
        }

        // When
        var orders = aws.effects("dynamodb").at("/tables/orders");

        // Then
        assertThat(orders.get("items").asInt()).isEqualTo(8);
        assertThat(orders.get("byStatus")).isEqualTo(RunningAws.json("{\"paid\":5,\"shipped\":3}"));
    }

    @Test
    void shouldForgetItemsAndOtherTablesOnReset() {
        // Given
        put("1", "pending");
        aws.dynamoDb.createTable(request -> request.tableName("other")
                .billingMode("PAY_PER_REQUEST")
                .attributeDefinitions(a -> a.attributeName("id").attributeType(ScalarAttributeType.S))
                .keySchema(k -> k.attributeName("id").keyType(KeyType.HASH)));

        // When
        aws.reset();

        // Then
        assertThat(aws.dynamoDb.listTables().tableNames()).containsExactly("orders");
        assertThat(get("1")).isEmpty();
    }

    private static void put(String id, String status) {
        aws.dynamoDb.putItem(request -> request.tableName("orders")
                .item(Map.of("id", AttributeValue.fromS(id), "status", AttributeValue.fromS(status))));
    }

    private static Map<String, AttributeValue> get(String id) {
        return aws.dynamoDb
                .getItem(request ->
                        request.tableName("orders").consistentRead(true).key(Map.of("id", AttributeValue.fromS(id))))
                .item();
    }

    private static Duration took(Runnable work) {
        var start = Instant.now();
        work.run();
        return Duration.between(start, Instant.now());
    }
}
