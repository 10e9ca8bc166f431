package io.orderflow.sandbox.stripe;

import java.security.SecureRandom;
import java.time.Clock;

/** Makes ids that look like Stripe's and, within one prefix, sort by the time of their making. */
final class Ids {

    /** In the order of their code points: what makes the ids sort. */
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static final int TIME_DIGITS = 9;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private long last;

    Ids(Clock clock) {
        this.clock = clock;
    }

    String next(String prefix) {
        last = Math.max(last + 1, clock.millis() * 1000);
        var time = new char[TIME_DIGITS];
        long rest = last;
        for (int i = TIME_DIGITS - 1; i >= 0; i--) {
            time[i] = DIGITS.charAt((int) (rest % DIGITS.length()));
            rest /= DIGITS.length();
        }
        return prefix + "3" + new String(time) + random(14);
    }

    /** Letters and digits that nobody can guess. */
    String random(int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return text.toString();
    }
}
