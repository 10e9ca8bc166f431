package io.orderflow.sandbox.oauth;

import java.util.Set;

/**
 * A person.
 *
 * @param id what is typed to sign in
 * @param mayDo the same as {@code scopes}, in words
 * @param scopes what clients can get on the person's behalf
 */
record User(String id, String name, String mayDo, Set<String> scopes, String password) {

    /** The {@code sub} of tokens; never that of a client, which is its id (RFC 9068, section 5). */
    String subject() {
        return "user-" + id;
    }

    String email() {
        return id + "@shop.example";
    }
}
