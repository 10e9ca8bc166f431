package io.orderflow.sandbox.oauth;

import io.orderflow.sandbox.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where the answer to an authorization request goes: to a registered redirect URI only. */
record ReturnTo(Client client, String redirectUri, Optional<String> state, String issuer) {

    /** Empty when the client is unknown or the redirect URI is none of its own: then nothing may be sent anywhere. */
    static Optional<ReturnTo> read(Clients clients, Parameters parameters, String issuer) {
        if (parameters.isRepeated("client_id") || parameters.isRepeated("redirect_uri")) {
            return Optional.empty();
        }
        return parameters.text("client_id").flatMap(clients::find).flatMap(client -> parameters
                .text("redirect_uri")
                .filter(client.redirectUris()::contains)
                .map(uri -> new ReturnTo(client, uri, parameters.text("state"), issuer)));
    }

    Reply code(String code) {
        return with(Map.of("code", code));
    }

    Reply error(OAuthError error) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("error", error.error());
        parameters.put("error_description", error.getMessage());
        return with(parameters);
    }

    private Reply with(Map<String, String> answer) {
        var parameters = new LinkedHashMap<>(answer);
        state.ifPresent(value -> parameters.put("state", value));
        // RFC 9207
        parameters.put("iss", issuer);
        return redirect(redirectUri, parameters);
    }

    static Reply redirect(String uri, Map<String, String> parameters) {
        var query = Parameters.query(parameters.entrySet().stream());
        var target = query.isEmpty() ? uri : uri + (uri.contains("?") ? "&" : "?") + query;
        return Reply.empty(303)
                .with("Location", target)
                .with("Cache-Control", "no-store")
                .with("Referrer-Policy", "no-referrer");
    }
}
