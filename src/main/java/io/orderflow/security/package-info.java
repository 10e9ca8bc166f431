/** Who may do what. */
package io.orderflow.security;
