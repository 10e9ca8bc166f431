package io.orderflow.ledger;

import io.smallrye.config.ConfigMapping;

/** The names of what Orderflow uses at AWS. Credentials, region and endpoints are the AWS SDK's to find. */
@ConfigMapping(prefix = "orderflow.aws")
public interface AwsConfig {

    /** The DynamoDB table. */
    String ordersTable();

    /** The SQS queue that wakes the worker: its URL, name or ARN. */
    String orderEventsQueue();

    /** The SQS queue for notices of dead letters: its URL, name or ARN. */
    String deadLetterQueue();

    /** The SNS topic for every change of an order. */
    String orderTopicArn();

    /** The SNS topic for operators. */
    String alertTopicArn();
}
