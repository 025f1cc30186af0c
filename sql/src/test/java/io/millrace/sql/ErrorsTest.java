package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case of {@code errors.txt}: a statement, a line with the caret under the wrong place, perhaps help. */
class ErrorsTest {
    static Stream<String> cases() throws IOException {
        try (InputStream in = ErrorsTest.class.getResourceAsStream("/errors.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n\n")).map(String::strip).filter(block -> !block.isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void pointsAtTheMistakeAndSaysWhatToDo(String block) {
        String sql = block.lines().findFirst().orElseThrow();
        MillraceException error = PlannerHarness.withBids().failure(sql);
        assertThat(error).as("the failure of %s", sql).isNotNull();
        assertThat(rendered(sql, error)).isEqualTo(block);
    }

    private static String rendered(String sql, MillraceException error) {
        assertThat(error.position()).as(error.getMessage()).isNotNull();
        assertThat(error.position().line()).isEqualTo(1);
        String caret = " ".repeat(error.position().column() - 1) + "^ ";
        String help = error.help() == null ? "" : "\nhelp: " + error.help();
        return sql + "\n" + caret + error.code() + ": " + error.getMessage() + help;
    }
}
