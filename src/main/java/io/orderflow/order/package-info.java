/** Orders over REST: taking them in, reading and changing them. */
package io.orderflow.order;
