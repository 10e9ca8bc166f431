/**
 * An OAuth 2.0 authorization server and OpenID provider under {@code /oauth}, in the place of Cognito, Keycloak or Auth0:
 * client credentials for callers, authorization code with PKCE for the web client.
 */
package io.orderflow.sandbox.oauth;
