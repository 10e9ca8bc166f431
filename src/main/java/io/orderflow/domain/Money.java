package io.orderflow.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An exact amount.
 *
 * @param minor in minor units of the currency: cents, or whole yen, or fils; never negative
 * @param currency the currency
 */
public record Money(long minor, Currency currency) {

    public Money {
        if (minor < 0) {
            throw new IllegalArgumentException("An amount is never negative: " + minor);
        }
    }

    /**
     * The amount that a caller writes in major units, for example {@code 12.5} for 1250 cents.
     *
     * @throws ArithmeticException when {@code major} has more decimals than the currency, or does not fit
     */
    public static Money ofMajor(BigDecimal major, Currency currency) {
        return new Money(major.movePointRight(currency.digits()).longValueExact(), currency);
    }

    /** The amount as Stripe's API writes it. */
    public static Money ofStripe(long amount, Currency currency) {
        return new Money(amount / currency.stripeFactor(), currency);
    }

    /** Whether {@code major} can be written in {@code currency} without rounding. */
    public static boolean isExact(BigDecimal major, Currency currency) {
        return major.stripTrailingZeros().scale() <= currency.digits();
    }

    /** The amount in major units, with all the decimals of its currency: {@code 12.50}. */
    public BigDecimal major() {
        return BigDecimal.valueOf(minor, currency.digits()).setScale(currency.digits(), RoundingMode.UNNECESSARY);
    }

    /** The amount as Stripe's API takes it. */
    public long stripeAmount() {
        return Math.multiplyExact(minor, currency.stripeFactor());
    }

    /** @throws ArithmeticException when the sum does not fit */
    public Money plus(Money other) {
        return new Money(Math.addExact(minor, sameCurrency(other).minor), currency);
    }

    /** @throws ArithmeticException when {@code other} is larger */
    public Money minus(Money other) {
        if (other.minor > minor) {
            throw new ArithmeticException(other + " is more than " + this);
        }
        return new Money(minor - sameCurrency(other).minor, currency);
    }

    /** @throws ArithmeticException when the product does not fit */
    public Money times(int quantity) {
        return new Money(Math.multiplyExact(minor, quantity), currency);
    }

    private Money sameCurrency(Money other) {
        if (!other.currency.equals(currency)) {
            throw new IllegalArgumentException(other + " is not in " + currency);
        }
        return other;
    }

    @Override
    public String toString() {
        return major().toPlainString() + " " + currency;
    }
}
