/**
 * Alerts for operators, one a group every few minutes however much happens. When they are sent is in
 * {@code routes/alerts.camel.yaml}.
 */
package io.orderflow.alert;
