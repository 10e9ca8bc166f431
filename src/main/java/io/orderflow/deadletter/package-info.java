/**
 * What people do about dead letters: find them, correct what was wrong, replay or abandon them. When a replay goes on is
 * in {@code routes/replays.camel.yaml}.
 */
package io.orderflow.deadletter;
