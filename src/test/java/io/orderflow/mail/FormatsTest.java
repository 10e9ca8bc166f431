package io.orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.domain.Address;
import io.orderflow.domain.Currency;
import io.orderflow.domain.Money;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FormatsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "US | USD | 123450 | $1,234.50",
                "US | CAD | 123450 | CA$1,234.50",
                "CA | CAD | 123450 | $1,234.50",
                "JP | JPY | 1200 | ¥1,200",
                "KW | KWD | 1230 | KWD 1.230",
                "IS | ISK | 5000 | ISK 5,000",
                "DE | EUR | 123450 | 1.234,50 €",
                "CH | CHF | 1250 | CHF 12.50",
            })
    void shouldWriteAmountsAsTheCountryDoes(String country, String currency, long minor, String expected) {
        var amount = new Formats(country)
                .amount(new Money(minor, Currency.of(currency).orElseThrow()));

        assertThat(amount.replace('\u00a0', ' ')).isEqualTo(expected);
    }

    @Test
    void shouldAddTheCodeToASymbolOnly() {
        var formats = new Formats("US");

        assertThat(formats.amountWithCode(new Money(3850, Currency.of("USD").orElseThrow())))
                .isEqualTo("$38.50\u00a0USD");
        assertThat(formats.amountWithCode(new Money(2460, Currency.of("KWD").orElseThrow())))
                .isEqualTo("KWD\u00a02.460");
    }

    @ParameterizedTest
    @MethodSource("currencies")
    void shouldWriteEveryDecimalOfEveryCurrency(Currency currency) {
        var amount = new Formats("US").amount(new Money(8_000, currency));

        assertThat(amount.replaceAll("\\p{L}+\\.?|[^0-9.]", ""))
                .isEqualTo(new Money(8_000, currency).major().toPlainString());
    }

    static Stream<Currency> currencies() {
        return Currency.codes().stream().map(code -> Currency.of(code).orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("countries")
    void shouldWriteInEnglishForEveryCountry(String country) {
        var formats = new Formats(country);

        assertThat(formats.date(Instant.parse("2026-03-04T12:00:00Z"))).containsPattern("4.*March.*2026|March 4, 2026");
        assertThat(formats.amount(new Money(1250, Currency.of("EUR").orElseThrow())))
                .containsPattern("12[.,]50");
    }

    static Stream<String> countries() {
        return Stream.of(Locale.getISOCountries());
    }

    @ParameterizedTest
    @CsvSource({"US,'March 4, 2026'", "GB,4 March 2026", "JP,'March 4, 2026'"})
    void shouldWriteTheDayInUtc(String country, String expected) {
        assertThat(new Formats(country).date(Instant.parse("2026-03-04T23:30:00Z")))
                .isEqualTo(expected);
    }

    @Test
    void shouldLeaveOutWhatAnAddressDoesNotHave() {
        assertThat(Formats.address(new Address("1 Main Street", "Springfield", "IL", "62701", "US")))
                .isEqualTo(List.of("1 Main Street", "Springfield, IL 62701", "United States"));
        assertThat(Formats.address(new Address("Königsallee 1", "Düsseldorf", null, "40212", "DE")))
                .isEqualTo(List.of("Königsallee 1", "Düsseldorf 40212", "Germany"));
        assertThat(Formats.address(new Address("1 Queen's Road", "Central", null, null, "HK")))
                .isEqualTo(List.of("1 Queen's Road", "Central", "Hong Kong SAR China"));
    }
}
