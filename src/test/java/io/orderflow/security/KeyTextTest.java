package io.orderflow.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTextTest {

    /** Its checksum was made by another implementation: {@code zlib.crc32} of Python. */
    private static final String KNOWN = "ofk_3fJ0aPq9XyZ1_" + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg" + "04Ib7C";

    @Test
    void shouldHaveTheFormThatScannersLookFor() {
        // When
        var key = KeyText.random();

        // Then
        assertThat(key.text()).matches("ofk_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}").startsWith("ofk_" + key.id() + "_");
        assertThat(KeyText.of(key.text())).contains(key);
        assertThat(KeyText.isId(key.id())).isTrue();
    }

    @Test
    void shouldKnowAChecksumThatWasMadeElsewhere() {
        // Then
        assertThat(KeyText.of(KNOWN)).contains(new KeyText("3fJ0aPq9XyZ1", KNOWN));
    }

    @Test
    void shouldNeverBeTheSameTwice() {
        // When
        var keys = Stream.generate(() -> KeyText.random("3fJ0aPq9XyZ1"))
                .limit(1000)
                .map(KeyText::text);

        // Then
        assertThat(keys).doesNotHaveDuplicates();
    }

    @Test
    void shouldCatchEveryLetterThatIsWrongAndEveryTwoThatAreSwapped() {
        // Given
        var text = KeyText.random().text();

        // When
        var wrong = IntStream.range(0, text.length())
                .mapToObj(i -> text.substring(0, i) + (text.charAt(i) == 'x' ? 'y' : 'x') + text.substring(i + 1));
        var swapped = IntStream.range(1, text.length())
                .mapToObj(i -> text.substring(0, i - 1) + text.charAt(i) + text.charAt(i - 1) + text.substring(i + 1))
                .filter(other -> !other.equals(text));

        // Then
        assertThat(Stream.concat(wrong, swapped))
                .allSatisfy(other -> assertThat(KeyText.of(other)).as(other).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ofk_", "ofk_3fJ0aPq9XyZ1_", "key-for-tests-00000000000000000000", "ofk_äöü_ß", "\n"})
    void shouldNotTakeWhatIsNoKey(String text) {
        // Then
        assertThat(KeyText.of(text)).isEmpty();
        assertThat(KeyText.of(KNOWN + text + " ")).isEmpty();
        assertThat(KeyText.isId(text)).isFalse();
    }

    @Test
    void shouldNotTellItsSecretWhenItIsPrinted() {
        // Then
        assertThat(KeyText.of(KNOWN).orElseThrow()).hasToString("ofk_3fJ0aPq9XyZ1_…");
    }
}
