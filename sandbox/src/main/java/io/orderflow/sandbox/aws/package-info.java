/**
 * The parts of Amazon Web Services that Orderflow uses, behind one endpoint as {@code AWS_ENDPOINT_URL} wants it.
 *
 * <p>DynamoDB and SQS are Amazon's DynamoDB Local and ElasticMQ, which run in this process on loopback ports of their
 * own; {@link io.orderflow.sandbox.aws.Backend} passes every request through to them, so that faults strike there as
 * they do everywhere else. SNS and CloudWatch are written here. Signatures of requests are not verified.
 */
package io.orderflow.sandbox.aws;
