package io.orderflow.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogPrivacyTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            550 jane.doe+shop@mail.example.com is unknown | 550 j***@mail.example.com is unknown
            {"email":"jane@example.com","name":"x"}       | {"email":"j***@example.com","name":"x"}
            No such key: sk_live_4eC39HqLyjWDarjtT1zdp7dc | No such key: sk_live_***
            whsec_one, whsec_two                          | whsec_***, whsec_***
            key SG.abc-1.def_2!                           | key SG.***!
            pi_3Mt_secret_YrKJ                            | pi_3Mt_secret_***
            Authorization: Bearer eyJhbGciOi.eyJzdWIi.x-y | Authorization: Bearer ***
            key ofk_abc123                                | key ofk_***
            token eyJhbGciOi.eyJzdWIi.x-y!                | token eyJ***!
            Authorization: Basic c2hvcDpzZWNyZXQ=         | Authorization: Basic ***
            redis://:hunter2@redis:6379                   | redis://:***@redis:6379
            to jane@münchen.de, jürgen@example.com        | to j***@münchen.de, j***@example.com
            my_sk_live_4eC39                              | my_sk_live_***
            io.orderflow.Work@1a2b3c of pi_3Mt            | io.orderflow.Work@1a2b3c of pi_3Mt
            """)
    void shouldMask(String text, String masked) {
        assertThat(LogPrivacy.masked(text)).isEqualTo(masked);
    }

    @Test
    @Timeout(5)
    void shouldNotBeHeldUpByALongLine() {
        // Given
        var run = "a".repeat(200_000);
        var addresses = "jane@" + "a.".repeat(100_000) + "1";

        // Then
        assertThat(LogPrivacy.masked(run)).isEqualTo(run);
        assertThat(LogPrivacy.masked(addresses)).isNotNull();
        assertThat(LogPrivacy.masked("eyJ" + run + " pi_" + run)).hasSizeGreaterThan(400_000);
        assertThat(LogPrivacy.masked(run + "jane@example.com")).doesNotContain("jane@");
    }

    @Test
    void shouldMaskWhatAnExceptionSays() {
        // Given
        var line = new ExtLogRecord(
                Level.WARNING,
                "%s failed",
                ExtLogRecord.FormatStyle.PRINTF,
                getClass().getName());
        line.setParameters(new Object[] {"jane@example.com"});
        line.setThrown(new IllegalStateException("outside", new IllegalArgumentException("no key sk_test_123")));

        // When
        var isLoggable = new LogPrivacy().isLoggable(line);

        // Then
        assertThat(isLoggable).isTrue();
        assertThat(line.getThrown()).isNull();
        assertThat(line.getFormattedMessage())
                .startsWith("j***@example.com failed")
                .contains("Caused by: java.lang.IllegalArgumentException: no key sk_test_***");
    }

    @Test
    void shouldLeaveAnExceptionThatTellsNothing() {
        // Given
        var line = new ExtLogRecord(Level.WARNING, "100 % failed", getClass().getName());
        var thrown = new IllegalStateException("outside");
        line.setThrown(thrown);

        // When
        new LogPrivacy().isLoggable(line);

        // Then
        assertThat(line.getThrown()).isSameAs(thrown);
        assertThat(line.getFormattedMessage()).isEqualTo("100 % failed");
    }
}
