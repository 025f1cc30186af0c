package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case of {@code expressions.txt}: an expression over history, its type, and what the engine is to compute. */
class ExpressionsTest {
    static Stream<String> cases() throws IOException {
        try (InputStream in = ExpressionsTest.class.getResourceAsStream("/expressions.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n\n")).map(String::strip).filter(block -> !block.isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void translatesExpressions(String block) {
        assertThat(rendered(block.lines().findFirst().orElseThrow())).isEqualTo(block);
    }

    static String rendered(String expression) {
        PlannerHarness harness = PlannerHarness.withBids();
        String sql = "SELECT " + expression + " AS x FROM history";
        String type = harness.plan(sql).schema().type(0).toString();
        String calc = harness.graph(sql).lines().filter(line -> line.contains("Calc#")).findFirst().orElseThrow();
        String computed = calc.substring(calc.indexOf("select=[") + 8, calc.lastIndexOf("] x2"));
        return expression + "\n" + type + "\n" + computed;
    }
}
