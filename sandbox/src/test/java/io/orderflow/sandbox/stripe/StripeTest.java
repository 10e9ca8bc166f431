package io.orderflow.sandbox.stripe;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One sandbox a test class, empty before each test; its minute takes 1.2 seconds. */
abstract class StripeTest {

    static final double TIME_SCALE = 0.02;

    static StripeSandbox stripe;

    @BeforeAll
    static void start(@TempDir Path data) {
        stripe = new StripeSandbox(data, TIME_SCALE);
    }

    @AfterAll
    static void stop() {
        stripe.close();
    }

    @BeforeEach
    void forget() {
        stripe.reset();
    }
}
