/** What every endpoint of the API shares: the contract, the shape of answers, and problems. */
package io.orderflow.api;
