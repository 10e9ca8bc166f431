package io.orderflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The workflows do what anyone can do with the Makefile, and may no more than they need. */
class WorkflowFilesTest {

    private static final Pattern TARGET = Pattern.compile("make ([a-z-]+)");
    private static final Pattern TARGET_LINES = Pattern.compile("(?m)^([a-z-]+):.*## ");
    private static final Pattern PINNED = Pattern.compile("[\\w.-]+(/[\\w.-]+)+@[0-9a-f]{40}");

    static List<Path> files() throws IOException {
        try (var files = Files.list(Path.of(".github/workflows"))) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldRunTargetsOfTheMakefileOnly(Path file) throws IOException {
        // Given
        var targets = TARGET_LINES
                .matcher(Files.readString(Path.of("Makefile")))
                .results()
                .map(found -> found.group(1))
                .toList();

        // When
        var commands = steps(file)
                .filter(step -> step.has("run"))
                .map(step -> step.path("run").asText())
                .toList();

        // Then
        assertThat(commands).allSatisfy(command -> {
            var target = TARGET.matcher(command);
            assertThat(target.matches()).as(command).isTrue();
            assertThat(targets).contains(target.group(1));
        });
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldNameTheCommitOfEveryAction(Path file) throws IOException {
        assertThat(steps(file).filter(step -> step.has("uses")).map(step -> step.path("uses")
                        .asText()))
                .isNotEmpty()
                .allMatch(action -> PINNED.matcher(action).matches());
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldBeAllowedToReadOnlyUnlessAJobSaysOtherwise(Path file) throws IOException {
        // When
        var permissions = new YAMLMapper().readTree(file.toFile()).path("permissions");

        // Then
        assertThat(permissions.toString()).isEqualTo("{\"contents\":\"read\"}");
    }

    private static Stream<JsonNode> steps(Path file) throws IOException {
        var jobs = new YAMLMapper().readTree(file.toFile()).path("jobs");
        assertThat(jobs).isNotEmpty();
        return StreamSupport.stream(jobs.spliterator(), false)
                .flatMap(job -> StreamSupport.stream(job.path("steps").spliterator(), false));
    }
}
