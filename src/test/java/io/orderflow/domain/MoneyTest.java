package io.orderflow.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {

    @ParameterizedTest
    @CsvSource({
        "USD, 12.5, 1250, 12.50, 1250",
        "USD, 1E+1, 1000, 10.00, 1000",
        "JPY, 500, 500, 500, 500",
        "KWD, 5.12, 5120, 5.120, 5120",
        "ISK, 500, 500, 500, 50000",
        "UGX, 7, 7, 7, 700",
        "HUF, 175.5, 17550, 175.50, 17550"
    })
    void shouldCountInTheMinorUnitsOfTheCurrencyAndOfStripe(
            String code, BigDecimal major, long minor, String shown, long stripe) {
        // When
        var money = Money.ofMajor(major, Orders.currency(code));

        // Then
        assertThat(money.minor()).isEqualTo(minor);
        assertThat(money.major().toPlainString()).isEqualTo(shown);
        assertThat(money.stripeAmount()).isEqualTo(stripe);
    }

    @ParameterizedTest
    @CsvSource({"USD, 0.001", "JPY, 0.5", "KWD, 0.0001", "ISK, 1.50"})
    void shouldRefuseToRound(String code, BigDecimal major) {
        // Then
        assertThat(Money.isExact(major, Orders.currency(code))).isFalse();
        assertThatThrownBy(() -> Money.ofMajor(major, Orders.currency(code))).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void shouldRefuseSumsAcrossCurrencies() {
        // Given
        var yen = new Money(1, Orders.currency("JPY"));

        // Then
        assertThatThrownBy(() -> Orders.usd("1.00").plus(yen)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseToGoBelowZero() {
        // Then
        assertThatThrownBy(() -> Orders.usd("1.00").minus(Orders.usd("1.01"))).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void shouldRefuseWhatDoesNotFitRatherThanWrapAround() {
        // Given
        var large = new Money(Long.MAX_VALUE, Orders.currency("USD"));

        // Then
        assertThatThrownBy(() -> large.times(2)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> large.plus(Orders.usd("0.01"))).isInstanceOf(ArithmeticException.class);
    }

    @Property
    void shouldComeBackExactlyFromMajorUnitsAndFromStripe(
            @ForAll("currencies") Currency currency, @ForAll @LongRange(max = 99_999_999) long minor) {
        // Given
        var money = new Money(minor, currency);

        // Then
        assertThat(Money.ofMajor(money.major(), currency)).isEqualTo(money);
        assertThat(Money.ofMajor(new BigDecimal(money.major().toPlainString()), currency))
                .isEqualTo(money);
        assertThat(Money.ofStripe(money.stripeAmount(), currency)).isEqualTo(money);
    }

    @Provide
    Arbitrary<Currency> currencies() {
        return Arbitraries.of(Currency.codes()).map(Orders::currency);
    }
}
