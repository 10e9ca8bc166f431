/**
 * An OAuth 2.0 authorization server: client credentials (RFC 6749), its metadata (RFC 8414 and OpenID Connect
 * Discovery), and access tokens that are JWTs (RFC 9068).
 */
package io.orderflow.sandbox.oauth;
