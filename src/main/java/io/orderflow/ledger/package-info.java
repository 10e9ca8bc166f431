/**
 * The ledger: one order is one DynamoDB item, each change one conditional write, and all else is derived from it.
 */
package io.orderflow.ledger;
