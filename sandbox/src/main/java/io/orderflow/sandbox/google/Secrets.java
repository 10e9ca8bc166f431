package io.orderflow.sandbox.google;

import java.security.SecureRandom;
import java.util.Base64;

/** Random names that cannot be guessed. */
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /** The id of a file: 44 characters, the first of them a 1. */
    static String id() {
        return "1" + base64(33).substring(0, 43);
    }

    /** An access token, recognisable as one. */
    static String accessToken() {
        return "ya29.c." + base64(96);
    }

    static String digits(int length) {
        var digits = new StringBuilder("1");
        while (digits.length() < length) {
            digits.append(RANDOM.nextInt(10));
        }
        return digits.toString();
    }

    static String hex(int length) {
        var bytes = new byte[length / 2];
        RANDOM.nextBytes(bytes);
        return java.util.HexFormat.of().formatHex(bytes);
    }

    private static String base64(int bytes) {
        var random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
