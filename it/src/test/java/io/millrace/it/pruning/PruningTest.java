package io.millrace.it.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.Result;
import io.millrace.engine.Results;
import io.millrace.engine.Session;
import io.millrace.engine.Statistics;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.it.oracle.DuckDb;
import io.millrace.memory.batch.Batch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row groups are left out by statistics and dictionaries, rows before they are decoded; answers stay what they are. */
class PruningTest {
    private static final int ROWS = 60_000;

    @TempDir static Path dir;

    private static Millrace millrace;

    /** The answer, and what it took to find it. */
    private record Answer(List<List<Object>> rows, Statistics statistics) {}

    @BeforeAll
    static void write() {
        millrace = Millrace.open(MillraceConfig.defaults().withParallelism(2));
        try (DuckDb duck = new DuckDb()) {
            duck.run(
                    "COPY (SELECT i AS id, CASE WHEN i % 9 = 0 THEN NULL ELSE 'w' || (i * 7919 % 10) END AS word,"
                            + " CASE WHEN i % 11 = 0 THEN 'NaN'::DOUBLE WHEN i % 13 = 0 THEN NULL"
                            + " WHEN i % 17 = 0 THEN -0.0 ELSE (i - 30000) / 8.0 END AS d,"
                            + " (i / 100.0 - 200)::DECIMAL(12, 2) AS m, (i * 1e10)::DECIMAL(30, 4) AS w,"
                            + " repeat('prefix', 30) || lpad(i::VARCHAR, 6, '0') AS longtext,"
                            + " DATE '2026-01-01' + (i / 100)::INTEGER AS dt, (i * 7919 % 60000) AS spread,"
                            + " 'payload ' || hash(i) AS payload FROM range("
                            + ROWS
                            + ") t(i)) TO '"
                            + dir.resolve("duck.parquet")
                            + "' (FORMAT parquet, ROW_GROUP_SIZE 6144, CODEC zstd)");
        }
        Answer ignored =
                run(
                        "CREATE TABLE own (id BIGINT, word STRING, d DOUBLE, m DECIMAL(12, 2), w DECIMAL(30, 4),"
                                + " longtext STRING, dt DATE, spread BIGINT, payload STRING) WITH ('connector' ="
                                + " 'filesystem', 'path' = '"
                                + dir.resolve("own")
                                + "', 'format' = 'parquet');"
                                + "INSERT INTO own SELECT * FROM "
                                + file("duck")
                                + " WHERE id < 20000; INSERT INTO own SELECT * FROM "
                                + file("duck")
                                + " WHERE id >= 20000 AND id < 40000; INSERT INTO own SELECT * FROM "
                                + file("duck")
                                + " WHERE id >= 40000");
    }

    @AfterAll
    static void close() {
        millrace.close();
    }

    private static Answer run(String sql) {
        List<List<Object>> rows = new ArrayList<>();
        Statistics statistics = null;
        try (Session session = millrace.session();
                Results results = session.execute(sql)) {
            for (Result result = results.next(); result != null; result = results.next()) {
                for (Batch batch = result.next(); batch != null; batch = result.next()) {
                    rows.addAll(batch.toRows());
                    batch.close();
                }
                statistics = result.statistics();
            }
        }
        return new Answer(rows, statistics);
    }

    private static String file(String writer) {
        return "'" + dir.resolve(writer.equals("duck") ? "duck.parquet" : "own/*.parquet") + "'";
    }

    @ParameterizedTest
    @ValueSource(strings = {"duck", "own"})
    void rowGroupsAreLeftOutByTheirBounds(String writer) {
        Answer answer = run("SELECT COUNT(*), MIN(payload) FROM " + file(writer) + " WHERE id BETWEEN 100 AND 110");
        assertThat(answer.rows.getFirst().getFirst()).isEqualTo(11L);
        assertThat(answer.statistics.rowsRead()).isLessThan(ROWS / 2);
        Answer none = run("SELECT COUNT(*) FROM " + file(writer) + " WHERE m > 1000000");
        assertThat(none.statistics.rowsRead()).isZero();
        assertThat(none.statistics.bytesRead()).isZero();
    }

    /** Between the least and the greatest word, so that bounds cannot tell. */
    @ParameterizedTest
    @ValueSource(strings = {"word = 'w5x'", "word IN ('w1x', 'w2x')", "UPPER(word) = 'W77'", "word LIKE '%z'"})
    void rowGroupsAreLeftOutByTheirDictionaries(String condition) {
        for (String writer : List.of("duck", "own")) {
            Answer answer = run("SELECT COUNT(*), MAX(payload) FROM " + file(writer) + " WHERE " + condition);
            assertThat(answer.rows.getFirst().getFirst()).isEqualTo(0L);
            assertThat(answer.statistics.rowsRead()).as(writer).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "word = 'w1'",
                "word IN ('w1', 'w2')",
                "word IN ('w1', 'w2', 'w8')",
                "word = 'w1' OR 'w3' = word OR word IN ('w5', 'w6', 'w7')",
                "word IN ('w1', 'w2') AND id > 100",
                "word IN ('w1', 'none')"
            })
    void directoriesAreLeftOutByTheirValues(String condition) {
        String parts =
                "CREATE TABLE parts (word STRING, id BIGINT) PARTITIONED BY (word) WITH ('connector' = 'filesystem',"
                        + " 'path' = '"
                        + dir.resolve("parts-" + Integer.toHexString(condition.hashCode()))
                        + "', 'format' = 'parquet');";
        Answer ignored = run(parts + "INSERT INTO parts SELECT word, id FROM " + file("duck") + " WHERE id < 5000");
        Object expected = run("SELECT COUNT(*) FROM " + file("duck") + " WHERE id < 5000 AND (" + condition + ")").rows;
        Answer answer = run(parts + "SELECT COUNT(*) FROM parts WHERE " + condition);
        assertThat(answer.rows).isEqualTo(expected);
        long rows = (Long) answer.rows.getFirst().getFirst();
        long skipped = condition.contains("id") ? 100 : 0;
        assertThat(answer.statistics.rowsRead()).isBetween(rows, rows + skipped).isPositive();
        Answer other = run(parts + "SELECT COUNT(*) FROM parts WHERE word = 'w1' OR id = 4");
        assertThat(other.statistics.rowsRead()).as("one of two columns").isEqualTo(5_000);
    }

    @Test
    void whatHoldsForNullIsFoundBesideADictionaryWithoutAMatch() {
        String condition = " WHERE COALESCE(word, 'none') = 'none'";
        for (String writer : List.of("duck", "own")) {
            Answer answer = run("SELECT COUNT(*) FROM " + file(writer) + condition);
            assertThat(answer.rows).isEqualTo(List.of(List.of((ROWS + 8) / 9L)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"duck", "own"})
    void answersAreThoseOfAnExpressionThatNoSourceCanUse(String writer) {
        long base = Long.getLong("millrace.it.seed", 40L);
        for (long seed = base; seed < base + 15; seed++) {
            String condition = condition(new SplittableRandom(seed));
            String sum = "SELECT COUNT(*), SUM(id), MAX(payload) FROM " + file(writer) + " WHERE ";
            String one =
                    "SELECT SUM(CASE WHEN c THEN 1 ELSE 0 END), SUM(CASE WHEN c THEN id END),"
                            + " MAX(CASE WHEN c THEN payload END) FROM (SELECT id, payload, "
                            + condition
                            + " AS c FROM "
                            + file(writer)
                            + ")";
            List<Object> pruned = run(sum + condition).rows.getFirst();
            List<Object> all = run(one).rows.getFirst();
            assertThat(pruned.toString()).as("seed=%d %s", seed, condition).isEqualTo(all.toString());
        }
    }

    private static String condition(SplittableRandom random) {
        int n = random.nextInt(ROWS);
        String operator = List.of("=", "<>", "<", "<=", ">", ">=").get(random.nextInt(6));
        String simple =
                switch (random.nextInt(9)) {
                    case 0 -> "d " + operator + " CAST('NaN' AS DOUBLE)";
                    case 1 -> "d " + operator + " CAST(" + (n - 30_000) / 8.0 + " AS DOUBLE)";
                    case 2 -> "d " + operator + " CAST(0 AS DOUBLE)";
                    case 3 -> "m " + operator + " CAST(" + (n / 100.0 - 200) + " AS DECIMAL(12, 2))";
                    case 4 -> "w " + operator + " CAST(" + n + "0000000000 AS DECIMAL(30, 4))";
                    case 5 ->
                            "longtext "
                                    + operator
                                    + " '"
                                    + "prefix".repeat(30)
                                    + String.format(Locale.ROOT, "%06d", n)
                                    + "'";
                    case 6 -> "dt " + operator + " DATE '2026-06-0" + (1 + random.nextInt(9)) + "'";
                    case 7 -> "MOD(spread, " + (2 + random.nextInt(4_000)) + ") = 1";
                    default -> "word " + operator + " 'w" + random.nextInt(12) + "'";
                };
        return random.nextInt(3) > 0
                ? simple
                : "(" + simple + (random.nextBoolean() ? " AND " : " OR ") + condition(random) + ")";
    }
}
