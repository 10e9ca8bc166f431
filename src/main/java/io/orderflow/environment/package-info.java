/** What Orderflow must be told before it starts. */
package io.orderflow.environment;
