/** How often one may ask: buckets of tokens by caller, by address and by webhook. */
package io.orderflow.limit;
