package io.orderflow.domain;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A currency in which Stripe takes payments.
 *
 * <p>Source of every figure: Stripe's page "Supported currencies" (presentment currencies, zero-decimal and
 * three-decimal currencies, special cases, minimum and maximum charge amounts).
 *
 * @param code the ISO 4217 code in capitals
 * @param digits the decimals that an amount may have: 0, 2 or 3
 * @param minimum the smallest amount Stripe charges, in minor units; 1 where Stripe names none, and decides by
 *     the worth in the currency that it pays out
 */
public record Currency(String code, int digits, long minimum) {

    private static final String TWO_DECIMALS = """
            AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY \
            COP CRC CVE CZK DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR JMD \
            KES KGS KHR KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MRO MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK \
            NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TOP \
            TRY TTD TWD TZS UAH USD UYU UZS WST XCD XCG YER ZAR ZMW""";

    private static final String ZERO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF";

    private static final String THREE_DECIMALS = "BHD JOD KWD OMR TND";

    private static final Map<String, Long> MINIMUMS = Map.ofEntries(
            Map.entry("AED", 200L),
            Map.entry("AUD", 50L),
            Map.entry("BGN", 100L),
            Map.entry("BRL", 50L),
            Map.entry("CAD", 50L),
            Map.entry("CHF", 50L),
            Map.entry("CZK", 1500L),
            Map.entry("DKK", 250L),
            Map.entry("EUR", 50L),
            Map.entry("GBP", 30L),
            Map.entry("HKD", 400L),
            Map.entry("HUF", 17500L),
            Map.entry("INR", 50L),
            Map.entry("JPY", 50L),
            Map.entry("MXN", 1000L),
            Map.entry("MYR", 200L),
            Map.entry("NOK", 300L),
            Map.entry("NZD", 50L),
            Map.entry("PLN", 200L),
            Map.entry("RON", 200L),
            Map.entry("SEK", 300L),
            Map.entry("SGD", 50L),
            Map.entry("THB", 1000L),
            Map.entry("USD", 50L));

    /** Without decimals for the customer, yet Stripe keeps two zeros for them, for compatibility with its past. */
    private static final Set<String> TWO_ZEROS_AT_STRIPE = Set.of("ISK", "UGX");

    /** Stripe takes amounts of up to eight digits. */
    private static final long STRIPE_MAXIMUM = 99_999_999;

    /** More digits where a unit is worth little. */
    private static final Map<String, Long> HIGHER_MAXIMUMS = Map.of(
            "COP", 9_999_999_999L,
            "HUF", 9_999_999_999L,
            "IDR", 999_999_999_999L,
            "INR", 999_999_999L,
            "JPY", 9_999_999_999L,
            "LBP", 99_999_999_999L);

    private static final Map<String, Currency> ALL =
            Map.of(0, ZERO_DECIMALS, 2, TWO_DECIMALS, 3, THREE_DECIMALS).entrySet().stream()
                    .flatMap(group -> Arrays.stream(group.getValue().split(" "))
                            .map(code -> new Currency(code, group.getKey(), MINIMUMS.getOrDefault(code, 1L))))
                    .collect(Collectors.toUnmodifiableMap(Currency::code, Function.identity()));

    /** The currency with this code, in capitals or not; none when Stripe takes no payments in it. */
    public static Optional<Currency> of(String code) {
        return Optional.ofNullable(ALL.get(code.toUpperCase(java.util.Locale.ROOT)));
    }

    /** Every code, sorted. */
    public static java.util.List<String> codes() {
        return ALL.keySet().stream().sorted().toList();
    }

    /** The largest amount that Stripe charges, in minor units. */
    public long maximum() {
        return HIGHER_MAXIMUMS.getOrDefault(code, STRIPE_MAXIMUM) / stripeFactor();
    }

    /** What an amount in minor units is multiplied by to get the amount that Stripe's API takes: 1, or 100. */
    public long stripeFactor() {
        return TWO_ZEROS_AT_STRIPE.contains(code) ? 100 : 1;
    }

    /** What an amount to be charged or refunded, in minor units, must be a multiple of: 10 with three decimals, else 1. */
    public long step() {
        return digits == 3 ? 10 : 1;
    }

    @Override
    public String toString() {
        return code;
    }
}
