package io.orderflow.sandbox.stripe;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which currencies can be charged, and how much of each. Source: Stripe's page "Supported currencies", with its digit
 * limits for card payments, and the eight digits of the API reference for all that it does not name.
 */
final class Currencies {

    private static final Set<String> SUPPORTED = Set.of(("usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn"
                    + " bhd bif bmd bnd bob brl bsd btn bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop"
                    + " dzd egp etb eur fjd fkp gbp gel ghs gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd"
                    + " jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mro"
                    + " mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd"
                    + " rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx"
                    + " uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw")
            .split(" "));

    private static final Set<String> NO_DECIMALS = Set.of(
            "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf");

    private static final Set<String> THREE_DECIMALS = Set.of("bhd", "jod", "kwd", "omr", "tnd");

    /** Without decimals of late, but still written with two, which must be zero. */
    private static final Set<String> ZERO_CENTS = Set.of("isk", "ugx");

    private static final Map<String, Long> MINIMUM = Map.ofEntries(
            Map.entry("usd", 50L),
            Map.entry("aed", 200L),
            Map.entry("aud", 50L),
            Map.entry("bgn", 100L),
            Map.entry("brl", 50L),
            Map.entry("cad", 50L),
            Map.entry("chf", 50L),
            Map.entry("czk", 1500L),
            Map.entry("dkk", 250L),
            Map.entry("eur", 50L),
            Map.entry("gbp", 30L),
            Map.entry("hkd", 400L),
            Map.entry("huf", 17500L),
            Map.entry("inr", 50L),
            Map.entry("jpy", 50L),
            Map.entry("mxn", 1000L),
            Map.entry("myr", 200L),
            Map.entry("nok", 300L),
            Map.entry("nzd", 50L),
            Map.entry("pln", 200L),
            Map.entry("ron", 200L),
            Map.entry("sek", 300L),
            Map.entry("sgd", 50L),
            Map.entry("thb", 1000L));

    private static final long MAXIMUM = 99_999_999L;

    private static final Map<String, Long> HIGHER_MAXIMUM = Map.of(
            "idr", 999_999_999_999L,
            "lbp", 99_999_999_999L,
            "cop", 9_999_999_999L,
            "huf", 9_999_999_999L,
            "jpy", 9_999_999_999L,
            "inr", 999_999_999L);

    private static final Map<String, String> SYMBOLS =
            Map.of("usd", "$", "eur", "€", "gbp", "£", "jpy", "¥", "cad", "$", "aud", "$", "inr", "₹");

    private Currencies() {}

    /** The currency as Stripe keeps it: in lower case. */
    static String supported(String currency) {
        var code = currency.toLowerCase(Locale.ROOT);
        if (!SUPPORTED.contains(code)) {
            throw ApiError.invalid("Invalid currency: " + code + ". Stripe currently supports these currencies: "
                            + String.join(", ", SUPPORTED.stream().sorted().toList()))
                    .param("currency");
        }
        return code;
    }

    /** Refuses an amount that cannot be charged. */
    static void checkCharge(long amount, String currency) {
        if (amount < 1) {
            throw ApiError.invalid("This value must be greater than or equal to 1.")
                    .code("parameter_invalid_integer")
                    .param("amount");
        }
        long most = HIGHER_MAXIMUM.getOrDefault(currency, MAXIMUM);
        if (amount > most) {
            throw ApiError.invalid("Amount must be no more than " + display(most, currency) + " " + currency)
                    .code("amount_too_large")
                    .param("amount");
        }
        long least = MINIMUM.getOrDefault(currency, 1L);
        if (amount < least) {
            throw ApiError.invalid("Amount must be at least " + display(least, currency) + " " + currency)
                    .code("amount_too_small")
                    .param("amount");
        }
        checkDigits(amount, currency, "amount");
    }

    /** Refuses an amount finer than the currency allows. */
    static void checkDigits(long amount, String currency, String parameter) {
        int step = THREE_DECIMALS.contains(currency) ? 10 : ZERO_CENTS.contains(currency) ? 100 : 1;
        if (amount % step != 0) {
            throw ApiError.invalid("Invalid amount: " + amount + ". Amounts in " + currency.toUpperCase(Locale.ROOT)
                            + " must be evenly divisible by " + step
                            + ". See https://stripe.com/docs/currencies#special-cases")
                    .param(parameter);
        }
    }

    /** For people: {@code $1,234.50}. */
    static String display(long amount, String currency) {
        int decimals = NO_DECIMALS.contains(currency) ? 0 : THREE_DECIMALS.contains(currency) ? 3 : 2;
        var number = String.format(Locale.ROOT, "%,." + decimals + "f", BigDecimal.valueOf(amount, decimals));
        var symbol = SYMBOLS.get(currency);
        return symbol == null ? number + " " + currency.toUpperCase(Locale.ROOT) : symbol + number;
    }
}
