package io.orderflow.security;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * An API key as its holder has it: {@code ofk_<id>_<secret><checksum>}, all of letters and digits. The id is public; the
 * secret has 256 bits; the checksum is the CRC-32 of all before it, by which typing errors, and what a scanner finds, are
 * told from keys without a look at the ledger.
 *
 * @param text the whole of it
 */
record KeyText(String id, String text) {

    private static final String PREFIX = "ofk_";
    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static final int ID = 12;

    /** 62<sup>43</sup> is more than 2<sup>256</sup>. */
    private static final int SECRET = 43;

    private static final int CHECKSUM = 6;

    private static final Pattern FORM =
            Pattern.compile(PREFIX + "([0-9A-Za-z]{" + ID + "})_[0-9A-Za-z]{" + (SECRET + CHECKSUM) + "}");
    private static final Pattern ID_FORM = Pattern.compile("[0-9A-Za-z]{" + ID + "}");

    /** A new key under a new id. */
    static KeyText random() {
        return random(letters(new SecureRandom(), ID));
    }

    /** A new key under the id of another. */
    static KeyText random(String id) {
        var text = PREFIX + id + "_" + letters(new SecureRandom(), SECRET);
        return new KeyText(id, text + checksum(text));
    }

    /** What was sent, when it has the form of a key, its checksum included. */
    static Optional<KeyText> of(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        var end = text.length() - CHECKSUM;
        return checksum(text.substring(0, end)).equals(text.substring(end))
                ? Optional.of(new KeyText(form.group(1), text))
                : Optional.empty();
    }

    static boolean isId(String text) {
        return ID_FORM.matcher(text).matches();
    }

    /** What is shown of the keys with an id. */
    static String prefix(String id) {
        return PREFIX + id + "_…";
    }

    private static String checksum(String text) {
        var crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        var number = crc.getValue();
        var digits = new char[CHECKSUM];
        for (int i = CHECKSUM - 1; i >= 0; i--) {
            digits[i] = LETTERS.charAt((int) (number % LETTERS.length()));
            number /= LETTERS.length();
        }
        return new String(digits);
    }

    private static String letters(RandomGenerator random, int count) {
        var letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return letters.toString();
    }

    /** Without the secret: what is written somewhere by mistake does no harm. */
    @Override
    public String toString() {
        return prefix(id);
    }
}
