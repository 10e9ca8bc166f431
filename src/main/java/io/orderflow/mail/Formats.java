package io.orderflow.mail;

import io.orderflow.domain.Address;
import io.orderflow.domain.Money;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes amounts, dates and addresses in English, the way that is usual in one country. Not safe for threads. */
final class Formats {

    /** Where the JDK, unlike CLDR, leaves no space: KWD1.230. */
    private static final Pattern BETWEEN_CODE_AND_NUMBER =
            Pattern.compile("(?<=\\p{L})(?=\\p{N})|(?<=\\p{N})(?=\\p{L})");

    private final Locale locale;
    private final NumberFormat numbers;

    /** @param country ISO 3166-1 alpha-2, in capitals */
    Formats(String country) {
        locale = Locale.of("en", country);
        numbers = NumberFormat.getCurrencyInstance(locale);
    }

    /** With its symbol or code, and with the decimals that {@link io.orderflow.domain.Currency} gives it. */
    String amount(Money money) {
        var currency = money.currency();
        numbers.setCurrency(Currency.getInstance(currency.code()));
        // The JDK's own figures differ from Stripe's for some currencies.
        numbers.setMinimumFractionDigits(currency.digits());
        numbers.setMaximumFractionDigits(currency.digits());
        return BETWEEN_CODE_AND_NUMBER.matcher(numbers.format(money.major())).replaceAll("\u00a0");
    }

    /** With the ISO 4217 code in any case: a symbol can stand for several currencies. */
    String amountWithCode(Money money) {
        var amount = amount(money);
        var code = money.currency().code();
        return amount.contains(code) ? amount : amount + "\u00a0" + code;
    }

    /** The day in UTC: no order says in which time zone its customer lives. */
    String date(Instant at) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(locale)
                .withZone(ZoneOffset.UTC)
                .format(at);
    }

    /** The lines below the name. */
    static List<String> address(Address address) {
        var region = joined(", ", address.city(), address.state());
        return Stream.of(
                        address.street(),
                        joined(" ", region, address.zipCode()),
                        Locale.of("", address.country()).getDisplayCountry(Locale.ENGLISH))
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static String joined(String separator, String... parts) {
        return Stream.of(parts)
                .filter(Objects::nonNull)
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining(separator));
    }
}
