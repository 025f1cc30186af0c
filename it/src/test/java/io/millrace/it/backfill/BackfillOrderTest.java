package io.millrace.it.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.Result;
import io.millrace.engine.Results;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.it.oracle.DuckDb;
import io.millrace.memory.batch.Batch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No row of history is late or lost, however its files overlap. */
class BackfillOrderTest {
    private static final int FILES = 150;
    private static final int ROWS = 60_000;
    private static final int WITHOUT_TIME = ROWS / 50;

    @TempDir static Path dir;

    private static Millrace millrace;

    @BeforeAll
    static void write() {
        millrace = Millrace.open(MillraceConfig.defaults().withParallelism(2));
        try (DuckDb duck = new DuckDb()) {
            duck.run(
                    "CREATE TABLE t AS SELECT i AS id, i % 7 AS k, CASE WHEN i % 50 = 0 THEN NULL ELSE (TIMESTAMP"
                            + " '2026-01-01' + to_seconds((hash(i) % 1000000)::BIGINT))::TIMESTAMP_MS END AS ts FROM"
                            + " range("
                            + ROWS
                            + ") r(i)");
            for (int file = 0; file < FILES; file++) {
                duck.run(
                        "COPY (SELECT id, k, ts FROM t WHERE id // 50 % "
                                + FILES
                                + " = "
                                + file
                                + ") TO '"
                                + dir.resolve("f" + file + ".parquet")
                                + "' (FORMAT parquet)");
            }
        }
    }

    @AfterAll
    static void close() {
        millrace.close();
    }

    private static String table() {
        return "CREATE TABLE e (id BIGINT, k BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' ="
                + " 'filesystem', 'path' = '"
                + dir
                + "/*.parquet', 'format' = 'parquet');\n";
    }

    private static List<List<Object>> run(String sql) {
        List<List<Object>> rows = new ArrayList<>();
        try (Session session = millrace.session();
                Results results = session.execute(sql)) {
            for (Result result = results.next(); result != null; result = results.next()) {
                for (Batch batch = result.next(); batch != null; batch = result.next()) {
                    rows.addAll(batch.toRows());
                    batch.close();
                }
            }
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch", "streaming"})
    void everyRowWithATimeIsInItsWindow(String mode) {
        List<List<Object>> windows =
                run(
                        "SET 'execution.runtime-mode' = '"
                                + mode
                                + "';\n"
                                + table()
                                + "SELECT k, window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts),"
                                + " INTERVAL '1' HOUR)) GROUP BY k, window_start, window_end");
        long counted = windows.stream().mapToLong(row -> (Long) row.getLast()).sum();
        assertThat(counted).isEqualTo(ROWS - WITHOUT_TIME);
    }

    @Test
    void rowsWithoutATimeAreSetAsideAndNoneIsLate() {
        String windows =
                "SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' HOUR))"
                        + " GROUP BY window_start, window_end;\n";
        List<List<Object>> bad =
                run(
                        "SET 'execution.runtime-mode' = 'streaming';\n"
                                + table()
                                + windows
                                + "SET 'execution.runtime-mode' = 'batch';\n"
                                + "SELECT reason, -1 FROM `e$bad`");
        List<List<Object>> reasons = bad.stream().filter(row -> row.getLast().equals(-1)).toList();
        assertThat(reasons)
                .hasSize(WITHOUT_TIME)
                .allMatch(row -> row.getFirst().equals("expected an event time, found NULL"));
        assertThat(run(table() + windows + "SELECT -2, -2 FROM `e$late`")).noneMatch(row -> row.getFirst().equals(-2));
    }

    @Test
    void explainShowsTheGreatestOverlap() {
        String plan =
                run(table()
                                + "EXPLAIN SELECT k, window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE e,"
                                + " DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY k, window_start, window_end")
                        .toString();
        assertThat(plan).contains("greatestOverlap=" + FILES);
    }
}
