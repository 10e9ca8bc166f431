/** Attacks, by name: each is refused, and changes nothing. */
package io.orderflow.attack;
