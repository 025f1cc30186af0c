package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.state.checkpoint.StateMeaning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the states of some queries mean is the same whatever the plan, and from version to version. */
class FingerprintTest {
    private static final Path FIXED = Path.of("src/test/resources/fingerprints/queries.txt");

    private static final List<String> COLUMNS =
            List.of("a BIGINT", "b INT", "c STRING", "d DECIMAL(12, 2)", "e DOUBLE", "ts TIMESTAMP(3)", "flag BOOLEAN");

    private static final String WINDOWS = "TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND))";

    private static final List<String> QUERIES =
            List.of(
                    "SELECT a, b, c FROM t",
                    "SELECT a + 1 AS x, upper(c) AS y FROM t WHERE b > 5 AND c LIKE 'x%'",
                    "SELECT count(*) AS n FROM t",
                    "SELECT sum(a) AS s, avg(e) AS v, min(c) AS m FROM t WHERE flag",
                    "SELECT b, count(*) AS n FROM t GROUP BY b",
                    "SELECT c, b, sum(d) AS s, max(ts) AS latest FROM t GROUP BY c, b",
                    "SELECT b, c, max(a) AS x, min(a) AS y FROM t WHERE e < 0.5 OR d = 3 GROUP BY c, b",
                    "SELECT b, count(DISTINCT c) AS n, sum(DISTINCT a) AS s FROM t GROUP BY b",
                    "SELECT b, sum(a) FILTER (WHERE c = 'x') AS x, sum(a) AS y FROM t GROUP BY b",
                    "SELECT a % 10 AS k, sum(e * 2) AS s FROM t GROUP BY a % 10",
                    "SELECT b, sum(a) AS s FROM t GROUP BY b HAVING sum(a) > 100",
                    "SELECT DISTINCT b, c FROM t",
                    "SELECT x, count(*) AS n FROM (SELECT b, max(a) AS x FROM t GROUP BY b) GROUP BY x",
                    "SELECT b, max(s) AS m FROM (SELECT b, c, sum(a) AS s FROM t GROUP BY b, c) GROUP BY b",
                    "SELECT window_start, count(*) AS n FROM " + WINDOWS + " GROUP BY window_start, window_end",
                    "SELECT window_end, b, c, sum(a) AS s, max(e) AS x FROM "
                            + WINDOWS
                            + " WHERE b > 1 GROUP BY window_start, window_end, c, b",
                    "SELECT window_start, b, min(c) AS m FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '1' SECOND,"
                            + " INTERVAL '5' SECOND)) GROUP BY window_start, window_end, b",
                    "SELECT a, c FROM t WHERE b = 1 UNION ALL SELECT b, c FROM t WHERE e > 1",
                    "SELECT k, count(*) AS n FROM (SELECT a AS k FROM t UNION ALL SELECT CAST(b AS BIGINT) FROM t)"
                            + " GROUP BY k",
                    "SELECT c, sum(CASE WHEN flag THEN a ELSE 0 END) AS s FROM t WHERE ts > TIMESTAMP '2026-01-01"
                            + " 00:00:00' GROUP BY c",
                    "SELECT coalesce(c, 'none') AS k, avg(d) AS v FROM t GROUP BY coalesce(c, 'none')");

    private static String script(String query, List<String> columns, long rows, String settings) {
        return "SET 'execution.runtime-mode' = 'streaming';\n"
                + settings
                + "CREATE TABLE t ("
                + String.join(", ", columns)
                + ", WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('connector' = 'datagen', 'number-of-rows' = '"
                + rows
                + "');\nCREATE MATERIALIZED VIEW v AS "
                + query
                + ";\n";
    }

    /** What the states mean, each with its parts in no order: that is the layout's. */
    private static List<String> meanings(String script) {
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults());
                Session session = millrace.session()) {
            OperatorGraph graph = session.graph(script);
            List<StateMeaning> all = graph.stateMeanings();
            List<String> meanings = new ArrayList<>();
            for (Node node : graph.nodes()) {
                StateMeaning meaning = all.get(node.id());
                if (node.spec().keepsState()) {
                    meanings.add(
                            node.spec().name()
                                    + " "
                                    + meaning.family()
                                    + " | "
                                    + sorted(meaning.keys())
                                    + " | "
                                    + sorted(meaning.values())
                                    + " | "
                                    + meaning.how());
                }
            }
            meanings.sort(null);
            return meanings;
        }
    }

    private static List<String> sorted(List<StateMeaning.Part> parts) {
        return parts.stream().map(part -> part.what() + " " + part.types()).sorted().toList();
    }

    @Test
    void areTheSameUnderSettingsStatisticsParallelismAndColumnOrder() {
        long seed = Long.getLong("millrace.test.seed", 11);
        System.out.println("seed=" + seed + " (-Dmillrace.test.seed)");
        Random random = new Random(seed);
        for (String query : QUERIES) {
            List<String> expected = meanings(script(query, COLUMNS, 10, "SET 'parallelism.default' = '1';\n"));
            for (int tasks : new int[] {2, 5}) {
                String settings =
                        "SET 'parallelism.default' = '"
                                + tasks
                                + "';\nSET 'execution.batch-rows' = '"
                                + (1 + random.nextInt(4_000))
                                + "';\nSET 'execution.kernels' = 'interpreted';\n";
                List<String> shuffled = new ArrayList<>(COLUMNS);
                shuffled.add("unused STRING");
                Collections.shuffle(shuffled, random);
                long rows = 1_000_000_000L * tasks;
                assertThat(meanings(script(query, shuffled, rows, settings)))
                        .as(query + " over " + shuffled)
                        .isEqualTo(expected);
            }
        }
    }

    /** A meaning that changes leaves behind the state of every job that runs: a new version of it needs a way over. */
    @Test
    void areWhatTheyWere() throws IOException {
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (String query : QUERIES) {
            found.put(query, meanings(script(query, COLUMNS, 10, "")));
        }
        StringBuilder text = new StringBuilder();
        found.forEach((query, meanings) ->
                text.append(query).append("\n    ").append(String.join("\n    ", meanings)).append('\n'));
        if (Boolean.getBoolean("test.write-fingerprints")) {
            Files.writeString(FIXED, text);
        }
        assertThat(text.toString()).isEqualTo(Files.readString(FIXED));
    }
}
