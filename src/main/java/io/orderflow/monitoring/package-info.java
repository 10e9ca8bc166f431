/**
 * What an operator can see of the work as numbers: counters, on {@code /q/metrics} and in CloudWatch.
 *
 * <p>When CloudWatch is told is in {@code routes/cloudwatch.camel.yaml}.
 */
package io.orderflow.monitoring;
