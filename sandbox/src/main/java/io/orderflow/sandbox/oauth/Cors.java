package io.orderflow.sandbox.oauth;

import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Reply;

/** Lets the pages of registered web clients read answers, and no other page. */
final class Cors {

    private final Clients clients;

    Cors(Clients clients) {
        this.clients = clients;
    }

    Reply allow(Call call, Reply reply) {
        var varying = reply.with("Vary", "Origin");
        return call.header("Origin")
                .filter(clients::isOrigin)
                .map(origin -> varying.with("Access-Control-Allow-Origin", origin))
                .orElse(varying);
    }

    Reply preflight(Call call) {
        var reply = allow(call, Reply.empty(204));
        return reply.headers().containsKey("Access-Control-Allow-Origin")
                ? reply.with("Access-Control-Allow-Methods", "GET, POST")
                        .with("Access-Control-Allow-Headers", "authorization, content-type")
                        .with("Access-Control-Max-Age", "600")
                : reply;
    }
}
