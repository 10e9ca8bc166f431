package io.orderflow.sheet;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.sheet.SheetAudit.Shown;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SheetAuditTest {

    private static final String X = "00000000-0000-7000-8000-00000000000a";
    private static final String Y = "00000000-0000-7000-8000-00000000000b";
    private static final String Z = "00000000-0000-7000-8000-00000000000c";

    @Test
    void shouldFindNothingWhereNobodyMovedRows() {
        // Given
        var shown = List.of(new Shown(X, 1, 2), new Shown(Y, 3, 3));

        // When
        var findings = SheetAudit.compare(shown, Map.of(X, 1L, Y, 2L), seen(X), false);

        // Then
        assertThat(findings.lost()).isEmpty();
        assertThat(findings.copies()).isEmpty();
        assertThat(findings.seen()).isEqualTo(seen(X, Y));
    }

    @Test
    void shouldFindWhatIsMissingOrOlderThanWhatWasWritten() {
        // Given
        var shown = List.of(new Shown(X, 1, 2));

        // When
        var findings = SheetAudit.compare(shown, Map.of(X, 2L, Y, 1L), Set.of(), false);

        // Then
        assertThat(findings.lost()).containsExactlyInAnyOrder(new Shown(X, 1, 2), new Shown(Y, 0, 0));
    }

    @Test
    void shouldKeepTheCopyThatShowsMost() {
        // Given
        var shown = List.of(new Shown(X, 1, 2), new Shown(X, 3, 5), new Shown(X, 2, 7));

        // When
        var findings = SheetAudit.compare(shown, Map.of(X, 3L), Set.of(), false);

        // Then
        assertThat(findings.copies()).containsExactly(2, 7);
        assertThat(findings.lost()).isEmpty();
    }

    @Test
    void shouldFindAnOldRowThatACopyWasWrittenOver() {
        // Given
        var shown = List.of(new Shown(X, 1, 2), new Shown(X, 2, 3));

        // When
        var findings = SheetAudit.compare(shown, Map.of(X, 2L), seen(X, Z), false);

        // Then
        assertThat(findings.lost()).containsExactly(new Shown(Z, 0, 0));
        assertThat(findings.copies()).containsExactly(2);
    }

    @Test
    void shouldLeaveAnOldRowDeletedThatAPersonHasDeleted() {
        // Given
        var shown = List.of(new Shown(X, 1, 2));

        // When
        var findings = SheetAudit.compare(shown, Map.of(X, 1L), seen(X, Z), false);

        // Then
        assertThat(findings.lost()).isEmpty();
    }

    @Test
    void shouldFindWhatTheClearingOfCopiesMayHaveStruck() {
        // Given
        var shown = List.of(new Shown(X, 1, 2));

        // When
        var findings = SheetAudit.compare(shown, Map.of(), seen(X, Z), true);

        // Then
        assertThat(findings.lost()).containsExactly(new Shown(Z, 0, 0));
    }

    private static Set<UUID> seen(String... ids) {
        return List.of(ids).stream().map(UUID::fromString).collect(Collectors.toSet());
    }
}
