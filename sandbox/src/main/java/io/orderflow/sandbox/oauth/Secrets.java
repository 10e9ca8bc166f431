package io.orderflow.sandbox.oauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.stream.Collectors;

/** Random values, and how they are compared. */
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String EASY_TO_TYPE = "abcdefghjkmnpqrstuvwxyz23456789";

    private Secrets() {}

    static String random(int bytes) {
        var random = new byte[bytes];
        RANDOM.nextBytes(random);
        return encode(random);
    }

    static String password() {
        return RANDOM.ints(10, 0, EASY_TO_TYPE.length())
                .mapToObj(EASY_TO_TYPE::charAt)
                .map(String::valueOf)
                .collect(Collectors.joining());
    }

    /** In a time that does not tell how much of {@code given} is right. */
    static boolean same(String secret, String given) {
        return MessageDigest.isEqual(secret.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
