package io.orderflow.payment;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.domain.Currency;
import io.orderflow.domain.Money;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is taken at the door is what Stripe takes, in each of its currencies. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class ChargeLimitsTest {

    @ConfigProperty(name = "STRIPE_API_BASE")
    String base;

    @ConfigProperty(name = "STRIPE_SECRET_KEY")
    String key;

    static List<Currency> currencies() {
        return Currency.codes().stream()
                .map(code -> Currency.of(code).orElseThrow())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("currencies")
    void shouldTakeFromTheLeastToTheMostThatStripeTakes(Currency currency) {
        // Given
        var least = roundedUp(currency.minimum(), currency.step());
        var most = currency.maximum() - currency.maximum() % currency.step();

        // Then
        assertThat(charge(least, currency)).isEqualTo(200);
        assertThat(charge(most, currency)).isEqualTo(200);
        assertThat(charge(most + currency.step(), currency)).isEqualTo(400);
        if (currency.minimum() > 1) {
            assertThat(charge(least - currency.step(), currency)).isEqualTo(400);
        }
    }

    private static long roundedUp(long amount, long step) {
        return (amount + step - 1) / step * step;
    }

    private int charge(long minor, Currency currency) {
        return given().header("Authorization", "Bearer " + key)
                .formParam("amount", new Money(minor, currency).stripeAmount())
                .formParam("currency", currency.code())
                .post(base + "/v1/payment_intents")
                .statusCode();
    }
}
