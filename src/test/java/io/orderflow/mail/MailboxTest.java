package io.orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailboxTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Jane Doe | Jane Doe",
                "Dr. Jane O'Neill-Doe | Dr. Jane O'Neill-Doe",
                "Żółć 山田 | Żółć 山田",
                "Doe, Jane; PhD | Doe Jane PhD",
                "mallory@example.net, Jane | mallory@example.net Jane",
                "Jane <mallory@example.net> | Jane mallory@example.net",
                "\"Jane\\\" Doe | Jane Doe",
                ",;, | ''",
            })
    void shouldKeepNamesOutOfTheAddress(String name, String expected) {
        assertThat(Mailbox.recipient("jane@example.com", name).name()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Our Shop | Our Shop",
                "Beans, Inc. | Beans, Inc.",
                "Café Crème | Cafe Creme",
                "山田商店 | ''",
            })
    void shouldNameTheSenderInAsciiOrNotAtAll(String name, String expected) {
        assertThat(Mailbox.sender("orders@example.com", name).name()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"'a\r\nBcc: b','a Bcc: b'", "'a\u0000\tb','a b'", "'\u2028a\u202eb ','a b'"})
    void shouldKeepOneLineOneLine(String text, String expected) {
        assertThat(Mailbox.line(text)).isEqualTo(expected);
    }
}
