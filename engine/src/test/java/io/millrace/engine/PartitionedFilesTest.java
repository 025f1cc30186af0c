package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.engine.config.MillraceConfig;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was written with PARTITIONED BY, read back. */
class PartitionedFilesTest {
    private static final String COLUMNS =
            "(id BIGINT, dt DATE, word STRING, ok BOOLEAN, price DECIMAL(8, 2), n INT, moment TIMESTAMP(6), x DOUBLE)";
    private static final String ROWS =
            "SELECT * FROM (VALUES (1, DATE '2026-01-31', 'a/b=c%20d', true, 1.50, 7, TIMESTAMP '2026-01-31 12:00:00',"
                + " 0.5E0), (2, DATE '2026-01-31', '..', false, -2.25, -8, TIMESTAMP '2026-01-31 12:00:00.125', 1E0),"
                + " (3, DATE '1969-07-20', 'ü 日', CAST(NULL AS BOOLEAN), 0.00, 0, TIMESTAMP '2026-02-01 00:00:00',"
                + " 2E0), (4, CAST(NULL AS DATE), CAST(NULL AS STRING), true, CAST(NULL AS DECIMAL(8, 2)), CAST(NULL AS"
                + " INT), CAST(NULL AS TIMESTAMP(6)), CAST(NULL AS DOUBLE)), (5, DATE '2026-01-31', 'a/b=c%20d', true,"
                + " 1.50, 7, TIMESTAMP '2026-01-31 12:00:00', 4E0)) AS v (id, dt, word, ok, price, n, moment, x)";

    @TempDir private Path directory;
    private final Millrace millrace = Millrace.open(MillraceConfig.defaults().withParallelism(2));
    private final Session session = millrace.session();

    @AfterEach
    void leavesNothingBehind() {
        session.close();
        millrace.close();
    }

    private static List<String> texts(Result result, int columns) {
        List<String> rows = new ArrayList<>();
        for (Batch batch = result.next(); batch != null; batch = result.next()) {
            // In streaming mode they begin with what was done to the row.
            batch.toRows().forEach(row -> rows.add(row.subList(row.size() - columns, row.size()).toString()));
        }
        rows.sort(null);
        return rows;
    }

    private List<String> rows(String sql, int columns) {
        List<String> rows = new ArrayList<>();
        try (Results results = session.execute(sql)) {
            for (Result result = results.next(); result != null; result = results.next()) {
                if (result.schema() != null) {
                    rows = texts(result, columns);
                } else {
                    var ignored = result.await();
                }
            }
        }
        return rows;
    }

    private long rowsRead(String sql) {
        try (Results results = session.execute(sql)) {
            Result result = results.next();
            texts(result, 1);
            return result.statistics().rowsRead();
        }
    }

    private void create(String name, String columns, String keys, String format, String more) {
        rows(
                "CREATE TABLE "
                        + name
                        + " "
                        + columns
                        + (keys.isEmpty() ? "" : " PARTITIONED BY (" + keys + ")")
                        + " WITH ('connector' = 'filesystem', 'format' = '"
                        + format
                        + "', 'path' = '"
                        + directory.resolve(more)
                        + "')",
                0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "json", "csv"})
    void rowsComeBackAsTheyWere(String format) {
        List<String> expected = rows(ROWS, 8);
        assertThat(expected).hasSize(5);
        for (String keys : List.of("dt", "word, ok", "dt, word, ok, price, n, moment", "id, n")) {
            String name = "t_" + keys.replaceAll("\\W", "");
            create(name, COLUMNS, keys, format, name);
            rows("INSERT INTO " + name + " " + ROWS, 0);
            for (String mode : List.of("batch", "streaming")) {
                rows("SET 'execution.runtime-mode' = '" + mode + "'", 0);
                assertThat(rows("SELECT * FROM " + name, 8)).as(keys + " " + mode).isEqualTo(expected);
                assertThat(rows("SELECT word, id FROM " + name + " WHERE n = 7 AND ok", 2))
                        .as(keys + " " + mode)
                        .containsExactly("[a/b=c%20d, 1]", "[a/b=c%20d, 5]");
                assertThat(rows("SELECT id FROM " + name + " WHERE dt IS NULL", 1)).containsExactly("[4]");
            }
            rows("SET 'execution.runtime-mode' = 'batch'", 0);
            // Not one column of the files.
            assertThat(rows("SELECT min(" + keys.split(",", -1)[0] + ") FROM " + name, 1)).hasSize(1);
            assertThat(rows("SELECT count(*) FROM " + name, 1)).containsExactly("[5]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "json", "csv"})
    void filesOfOtherPartitionsAreNotRead(String format) {
        create("t", COLUMNS, "dt, word", format, "t");
        rows("INSERT INTO t " + ROWS, 0);
        assertThat(rowsRead("SELECT id, dt FROM t WHERE dt = DATE '2026-01-31' AND word = '..'")).isEqualTo(1);
        assertThat(rowsRead("SELECT id FROM t WHERE dt < DATE '2000-01-01'")).isEqualTo(1);
        assertThat(rowsRead("SELECT id FROM t WHERE dt IS NULL")).isEqualTo(1);
        assertThat(rowsRead("SELECT id FROM t WHERE word IS NOT NULL")).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "json", "csv"})
    void eventTimeMayBeInFilesOrInDirectories(String format) {
        String columns = "(id BIGINT, word STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)";
        String rows =
                "SELECT id, CAST(id % 3 AS STRING), TIMESTAMPADD(SECOND, id, TIMESTAMP '2026-01-01 00:00:00') FROM"
                        + " (VALUES (9), (1), (8), (2), (7), (3), (6), (4), (5), (20), (21)) AS v (id)";
        for (String key : List.of("word", "ts")) {
            create(key + "s", columns, key, format, key);
            rows("INSERT INTO " + key + "s " + rows, 0);
            for (String mode : List.of("batch", "streaming")) {
                rows("SET 'execution.runtime-mode' = '" + mode + "'", 0);
                String windows =
                        "SELECT window_start, count(*) FROM TABLE(TUMBLE(TABLE "
                                + key
                                + "s, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end";
                assertThat(rows(windows, 2))
                        .as(key + " " + mode)
                        .containsExactly("[2026-01-01T00:00, 9]", "[2026-01-01T00:00:20, 2]");
            }
            rows("SET 'execution.runtime-mode' = 'batch'", 0);
        }
    }

    @Test
    void aDirectoryThatSaysNoValueIsNamed() throws IOException {
        Path file = directory.resolve("bad/n=seven/part.csv");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "id\n1\n");
        for (String key : List.of("n", "m")) {
            create("bad_" + key, "(id BIGINT, " + key + " INT)", key, "csv", "bad");
            MillraceException failure =
                    catchThrowableOfType(MillraceException.class, () -> rows("SELECT * FROM bad_" + key, 2));
            assertThat(failure.code()).isEqualTo(ErrorCode.DATA_EXCEPTION);
            assertThat(failure)
                    .hasMessageContaining(key.equals("n") ? "found seven" : "expected a directory m=…")
                    .hasMessageContaining("part.csv");
        }
    }
}
