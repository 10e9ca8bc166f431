/** Tests of rate limits. */
package io.orderflow.limit;
