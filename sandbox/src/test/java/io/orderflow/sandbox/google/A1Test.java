package io.orderflow.sandbox.google;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class A1Test {

    @ParameterizedTest
    @CsvSource({
        "A1, Tab!A1",
        "a1:b2, Tab!A1:B2",
        "B2:A1, Tab!A1:B2",
        "$A$1:$B2, Tab!A1:B2",
        "A:A, Tab!A:A",
        "A2:A, Tab!A2:A",
        "1:3, Tab!1:3",
        "AA10:2, Tab!AA2:10",
        "Sheet1!C3:ZZZ9, Tab!C3:ZZZ9",
        "'''My sheet''!A1', Tab!A1",
        "Sheet1, Tab",
    })
    void shouldReadARangeAndWriteItInItsUsualForm(String range, String usual) {
        // When
        var parsed = A1.parse(range);

        // Then
        assertThat(parsed.orElseThrow().on("Tab")).isEqualTo(usual);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "!",
                "Tab!",
                "!A1",
                "Tab!A",
                "Tab!1",
                "Tab!A0",
                "Tab!A1:",
                "Tab!:A1",
                "Tab!A1:B2:C3",
                "'Tab!A1"
            })
    void shouldNotReadWhatIsNoRange(String text) {
        // When
        var parsed = A1.parse(text);

        // Then
        assertThat(parsed).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Orders, Orders",
        "my_orders, my_orders",
        "My orders, '''My orders'''",
        "It's, '''It''''s'''",
        "2026, '''2026'''",
        "Q1, '''Q1'''",
        "Лист1, '''Лист1'''",
    })
    void shouldQuoteATitleWhereTheNotationNeedsIt(String title, String quoted) {
        // When
        var text = A1.quoted(title);

        // Then
        assertThat(text).isEqualTo(quoted);
        assertThat(A1.parse(text + "!A1").orElseThrow().sheet()).isEqualTo(title);
    }

    @ParameterizedTest
    @CsvSource({"0, A", "25, Z", "26, AA", "701, ZZ", "702, AAA", "18277, ZZZ"})
    void shouldNameColumnsByLetters(int column, String letters) {
        // When
        var name = A1.letters(column);

        // Then
        assertThat(name).isEqualTo(letters);
        assertThat(A1.parse(letters + "1").orElseThrow().firstColumn()).isEqualTo(column);
    }
}
