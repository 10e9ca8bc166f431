package io.orderflow.mail;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * A mail address with a display name that SendGrid takes.
 *
 * @param name or empty for none
 */
record Mailbox(String email, String name) {

    /**
     * What ends a name and starts another address in a mail's header. SendGrid's page "Limitations" forbids comma and
     * semicolon: it takes the call, and then sends to what it reads as the address.
     */
    private static final Pattern DELIMITERS = Pattern.compile("[,;<>\"\\\\]");

    private static final Pattern ACCENTS = Pattern.compile("\\p{Mn}+");

    private static final Pattern PRINTABLE_ASCII = Pattern.compile("[ -~]*");

    static Mailbox recipient(String email, String name) {
        return new Mailbox(email, line(DELIMITERS.matcher(name).replaceAll(" ")));
    }

    /**
     * The same page forbids Unicode in the sender: accents are left out, and a name in another script altogether, so
     * that the mail still goes.
     */
    static Mailbox sender(String email, String name) {
        var decomposed = Normalizer.normalize(line(name), Normalizer.Form.NFD);
        var plain = ACCENTS.matcher(decomposed).replaceAll("");
        return new Mailbox(email, PRINTABLE_ASCII.matcher(plain).matches() ? plain : "");
    }

    /** The text as one line of a mail's header: control characters in it could start a header of their own. */
    static String line(String text) {
        return text.replaceAll("[\\p{C}\\p{Z}]+", " ").strip();
    }
}
