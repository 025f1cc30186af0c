package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.engine.config.MillraceConfig;
import io.millrace.engine.job.EngineJob;
import io.millrace.engine.job.JobStatus;
import io.millrace.engine.view.View;
import io.millrace.engine.view.ViewPage;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import io.millrace.scheduler.job.JobState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
    private static final String NUMBERS =
            "CREATE TABLE numbers (id BIGINT, k INT) WITH ('connector' = 'datagen', 'number-of-rows' = '10000',"
                    + " 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '10000',"
                    + " 'fields.k.min' = '0', 'fields.k.max' = '9');";
    private static final String ENDLESS =
            "CREATE TABLE endless (id BIGINT) WITH ('connector' = 'datagen'," + " 'fields.id.kind' = 'random');";

    private final Millrace millrace = Millrace.open(MillraceConfig.defaults().withParallelism(2));
    private final Session session = millrace.session();

    @AfterEach
    void leavesNothingBehind() {
        session.close();
        millrace.close();
    }

    /** The rows of the last statement that gives some. */
    private List<List<Object>> rows(String sql) {
        List<List<Object>> rows = new ArrayList<>();
        try (Results results = session.execute(sql)) {
            for (Result result = results.next(); result != null; result = results.next()) {
                if (result.schema() != null) {
                    rows.clear();
                    for (Batch batch = result.next(); batch != null; batch = result.next()) {
                        rows.addAll(batch.toRows());
                    }
                }
            }
        }
        return rows;
    }

    private MillraceException failure(String sql) {
        return catchThrowableOfType(MillraceException.class, () -> rows(sql));
    }

    @Test
    void givesTheRowsOfAQuery() {
        assertThat(rows("SELECT 1, 'a', CAST(NULL AS INT)")).containsExactly(Arrays.asList(1, "a", null));
        assertThat(rows("SELECT a, b FROM (VALUES (1, 'x'), (2, 'y')) AS t (a, b) ORDER BY a DESC"))
                .containsExactly(List.of(2, "y"), List.of(1, "x"));
    }

    @Test
    void runsStatementsOneByOneAndTellsWhatEachCost() {
        session.measureCpu(true);
        try (Results results =
                session.execute(NUMBERS + "SELECT count(*), sum(id) FROM numbers; SET 'view.epoch' = '1 s'")) {
            Result create = results.next();
            assertThat(create.kind()).isEqualTo("create");
            assertThat(create.schema()).isNull();
            assertThat(create.next()).isNull();
            Result select = results.next();
            assertThat(select.kind()).isEqualTo("select");
            assertThat(select.mode()).isEqualTo("batch");
            assertThat(select.next().toRows()).containsExactly(List.of(10_000L, 50_005_000L));
            assertThat(select.next()).isNull();
            Statistics statistics = select.statistics();
            assertThat(statistics.statement()).isEqualTo(2);
            assertThat(statistics.rows()).isEqualTo(1);
            assertThat(statistics.rowsRead()).isEqualTo(10_000);
            assertThat(statistics.cpuMillis()).isPositive();
            assertThat(statistics.error()).isNull();
            assertThat(results.next().kind()).isEqualTo("set");
            assertThat(results.next()).isNull();
        }
        assertThat(session.settings().viewEpochNanos()).isEqualTo(1_000_000_000L);
    }

    @Test
    @Timeout(60)
    void aSourceThatCannotStartIsTheQuerysFailure() {
        String table = "CREATE TABLE gone (id BIGINT) WITH ('connector' = 'unstartable'";
        MillraceException failure = failure(table + "); SELECT COUNT(*) FROM gone");
        assertThat(failure.code()).isEqualTo(ErrorCode.BROKER_UNREACHABLE);
        assertThat(failure).hasMessageContaining("the broker does not answer").hasMessageContaining("job ");
        MillraceException broken =
                failure("DROP TABLE gone; " + table + ", 'with-error' = 'true'); SELECT COUNT(*) FROM gone");
        assertThat(broken.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(broken).hasMessageContaining("something that is not there");
    }

    @Test
    void aRowWithoutAnEventTimeCountsInNeitherMode(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("rows.csv");
        Files.writeString(file, "id,ts\n1,2024-01-01 00:00:01\n2,2024-01-01 00:00:02\n3,\n4,2024-01-01 00:00:04\n");
        String with = " WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = '" + file + "');";
        rows("CREATE TABLE declared (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)" + with);
        rows("CREATE TABLE plain (id BIGINT, ts TIMESTAMP(3))" + with);
        long bad = 0;
        for (String mode : List.of("batch", "streaming")) {
            rows("SET 'execution.runtime-mode' = '" + mode + "'");
            List<Object> counted = rows("SELECT COUNT(*) FROM declared").getLast();
            assertThat(counted.getLast()).as(mode).isEqualTo(3L);
            assertThat(rows("SELECT id FROM declared WHERE id > 2")).as(mode).hasSize(1);
            bad += 2;
            assertThat(millrace.sideTables().counts("declared").badRows()).as(mode).isEqualTo(bad);
        }
        assertThat(millrace.sideTables().keptBad("declared").getFirst().origin()).endsWith("rows.csv");
        assertThat(new String(millrace.sideTables().keptBad("declared").getFirst().rawBytes(), StandardCharsets.UTF_8))
                .contains("ts=null");
        String windows = " FROM TABLE(TUMBLE(TABLE plain, DESCRIPTOR(ts), INTERVAL '10' SECOND))";
        rows("SET 'execution.runtime-mode' = 'batch'");
        assertThat(rows("SELECT COUNT(*)" + windows + " GROUP BY window_start, window_end"))
                .containsExactly(List.of(3L));
        assertThat(rows("SELECT id, window_start" + windows)).hasSize(3);
        assertThat(millrace.sideTables().counts("plain").badRows()).isEqualTo(2);
    }

    @Test
    void aViewKnowsTheEndOfItsWindowsByWhatItIsAndNotByItsName() {
        String table =
                "CREATE TABLE clicks (k INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen',"
                        + " 'number-of-rows' = '10');";
        rows(
                table
                        + "CREATE MATERIALIZED VIEW named AS SELECT k, MAX(ts) AS window_end, COUNT(*) AS n FROM clicks"
                        + " GROUP BY k");
        String windows = " FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' SECOND))";
        rows(
                "CREATE MATERIALIZED VIEW renamed AS SELECT COUNT(*) AS n, window_end AS until"
                        + windows
                        + " GROUP BY window_start, window_end");
        rows(
                "CREATE MATERIALIZED VIEW timed AS SELECT window_time AS wt, COUNT(*) AS n"
                        + windows
                        + " WHERE k > 0 GROUP BY window_start, window_end, window_time");
        assertThat(millrace.views().find("named").orElseThrow().definition().finalColumn()).isEqualTo(-1);
        assertThat(millrace.views().find("renamed").orElseThrow().definition().finalColumn()).isEqualTo(1);
        assertThat(millrace.views().find("timed").orElseThrow().definition().finalColumn()).isZero();
        assertThat(millrace.views().find("timed").orElseThrow().definition().finalLagMicros()).isEqualTo(1_000);
    }

    @Test
    void replacingAViewByOneThatCannotBePlannedKeepsTheOldOne() {
        rows(NUMBERS + "CREATE MATERIALIZED VIEW kept AS SELECT k, COUNT(*) AS n FROM numbers GROUP BY k");
        assertThat(
                        failure(
                                        "CREATE OR REPLACE MATERIALIZED VIEW kept AS SELECT k, COUNT(*) AS n FROM"
                                                + " nmbers GROUP BY k")
                                .code())
                .isEqualTo(ErrorCode.UNKNOWN_TABLE);
        assertThat(rows("SELECT COUNT(*) FROM kept")).isNotEmpty();
        rows("CREATE OR REPLACE MATERIALIZED VIEW kept AS SELECT COUNT(*) AS n FROM numbers");
        assertThat(millrace.views().find("kept").orElseThrow().schema().size()).isEqualTo(1);
    }

    @Test
    void warnsThatArrivalDecidesWhichRowOfAKeyStays() {
        List<String> warnings = new ArrayList<>();
        session.onWarning(warnings::add);
        rows(
                NUMBERS
                        + "CREATE MATERIALIZED VIEW sums (PRIMARY KEY (k) NOT ENFORCED) AS"
                        + " SELECT k, SUM(id) AS s FROM numbers GROUP BY k;");
        assertThat(warnings).isEmpty();
        rows("CREATE MATERIALIZED VIEW latest (PRIMARY KEY (k) NOT ENFORCED) AS SELECT k, id FROM numbers");
        assertThat(warnings).singleElement().asString().contains("view latest").contains("arrives last");
    }

    @Test
    void showsChangesInStreamingMode() {
        String values = "(VALUES ('x', 1), ('x', 2), ('y', 3)) AS t (k, v)";
        List<List<Object>> appended =
                rows("SET 'execution.runtime-mode' = 'streaming'; SELECT v FROM " + values + " WHERE v > 1");
        assertThat(appended).containsExactlyInAnyOrder(List.of("+I", 2), List.of("+I", 3));
        try (Results results = session.execute("SELECT k, sum(v) AS s FROM " + values + " GROUP BY k")) {
            Result result = results.next();
            assertThat(result.mode()).isEqualTo("streaming");
            assertThat(result.schema().name(0)).isEqualTo("op");
            List<List<Object>> net = new ArrayList<>();
            for (Batch batch = result.next(); batch != null; batch = result.next()) {
                for (List<Object> row : batch.toRows()) {
                    if (List.of("-U", "-D").contains(row.getFirst())) {
                        net.remove(row.subList(1, 3));
                    } else {
                        net.add(row.subList(1, 3));
                    }
                }
            }
            assertThat(net).containsExactlyInAnyOrder(List.of("x", 3), List.of("y", 3));
        }
    }

    @Test
    void tellsUpdatesFromInsertionsAndDeletions() {
        List<Object> ops = new ArrayList<>();
        try (Results results =
                session.execute(ENDLESS + "SET 'view.epoch' = '5 ms'; SELECT count(*) AS n FROM endless")) {
            results.next();
            results.next();
            Result result = results.next();
            while (ops.size() < 5) {
                result.next().toRows().forEach(row -> ops.add(row.getFirst()));
            }
        }
        assertThat(ops.subList(0, 5)).containsExactly("+I", "-U", "+U", "-U", "+U");
    }

    @Test
    void placesErrorsInTheScript() {
        MillraceException table = failure("SELECT 1;\nSELECT *\nFROM nowhere");
        assertThat(table.code()).isEqualTo(ErrorCode.UNKNOWN_TABLE);
        assertThat(table.position()).isEqualTo(new SqlPosition(3, 6));
        MillraceException setting = failure("  SET 'view.epoc' = '1 s'");
        assertThat(setting.code()).isEqualTo(ErrorCode.UNKNOWN_OPTION);
        assertThat(setting.position()).isEqualTo(new SqlPosition(1, 7));
        assertThat(setting.help()).isEqualTo("Did you mean 'view.epoch'?");
        MillraceException file = failure("SELECT 1;\n\nSELECT * FROM 'no/such/*.parquet'");
        assertThat(file.code()).isEqualTo(ErrorCode.FILE_NOT_FOUND);
        assertThat(file.position().line()).isEqualTo(3);
    }

    @Test
    void tellsTheCostOfAStatementThatFails() {
        try (Results results = session.execute("SELECT 1; SELECT x FROM (VALUES (1)) AS t (y)")) {
            results.next();
            assertThat(results.failedStatistics()).isNull();
            assertThat(catchThrowableOfType(MillraceException.class, results::next).code())
                    .isEqualTo(ErrorCode.UNKNOWN_COLUMN);
            assertThat(results.failedStatistics().statement()).isEqualTo(2);
            assertThat(results.failedStatistics().kind()).isEqualTo("select");
            assertThat(results.failedStatistics().error()).isEqualTo("UNKNOWN_COLUMN");
        }
    }

    @Test
    void failsWithWhatTheQueryFailsWith() {
        MillraceException failure = failure(NUMBERS + "SELECT 1 / (id - 500) FROM numbers");
        assertThat(failure.code()).isEqualTo(ErrorCode.DATA_EXCEPTION);
        assertThat(failure.code().exitCode()).isEqualTo(1);
        assertThat(rows("SELECT 1")).hasSize(1);
    }

    @Test
    void stopsAnEndlessQueryThatIsNoLongerRead() {
        try (Results results = session.execute(ENDLESS + "SELECT id FROM endless")) {
            results.next();
            Result result = results.next();
            assertThat(result.mode()).isEqualTo("streaming");
            assertThat(result.next().activeCount()).isPositive();
        }
        assertThat(millrace.jobs().jobs()).isEmpty();
    }

    @Test
    void cancelsFromAnotherThread() throws InterruptedException {
        try (Results results = session.execute(ENDLESS + "SELECT count(*) FROM endless WHERE id = id + 1")) {
            results.next();
            Result result = results.next();
            Thread canceller =
                    Thread.ofPlatform()
                            .start(() -> {
                                Awaitility.await().until(() -> result.progress().orElseThrow().rowsRead() > 0);
                                result.cancel();
                            });
            MillraceException failure = catchThrowableOfType(MillraceException.class, result::await);
            assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED);
            assertThat(result.statistics().error()).isEqualTo("CANCELLED");
            canceller.join();
        }
    }

    @Test
    void refusesAnEndlessSourceInBatchMode() {
        MillraceException failure =
                failure(ENDLESS + "SET 'execution.runtime-mode' = 'batch'; SELECT count(*) FROM endless");
        assertThat(failure.code().exitCode()).isEqualTo(2);
        assertThat(failure.position()).isNotNull();
    }

    @Test
    void insertsAndCountsWhatItWrote() {
        String sink = "CREATE TABLE hole (id BIGINT) WITH ('connector' = 'blackhole');";
        try (Results results =
                session.execute(NUMBERS + sink + "INSERT INTO hole SELECT id FROM numbers WHERE id > 4000")) {
            results.next();
            results.next();
            Result insert = results.next();
            assertThat(insert.kind()).isEqualTo("insert");
            insert.await();
            assertThat(insert.rowCount()).isEqualTo(6_000);
            EngineJob job = insert.job().orElseThrow();
            assertThat(job.state()).isEqualTo(JobState.FINISHED);
            JobStatus status = job.status();
            assertThat(status.sources()).hasSize(1);
            assertThat(status.sources().getFirst().rowsRead()).isEqualTo(10_000);
        }
        assertThat(millrace.jobs().jobs()).hasSize(1);
    }

    @Test
    void keepsAViewThatQueriesRead() {
        String view = "CREATE MATERIALIZED VIEW by_k AS SELECT k, count(*) AS n, sum(id) AS s FROM numbers GROUP BY k;";
        assertThat(rows(NUMBERS + view + "SELECT sum(n), sum(s), count(*) FROM by_k"))
                .containsExactly(List.of(10_000L, 50_005_000L, 10L));
        View found = millrace.views().require("by_k");
        assertThat(found.definition().primaryKey()).isEmpty();
        try (ViewPage page = found.read(3, 0)) {
            assertThat(page.rowCount()).isEqualTo(3);
            assertThat(page.totalRows()).isEqualTo(10);
            assertThat(page.isFinished()).isTrue();
        }
        assertThat(rows("SHOW MATERIALIZED VIEWS")).containsExactly(List.of("by_k"));
        assertThat(rows("DROP MATERIALIZED VIEW by_k; SHOW TABLES")).containsExactly(List.of("numbers"));
        assertThat(millrace.views().views()).isEmpty();
    }

    @Test
    void keepsAViewUpToDateWhileItsJobRuns() {
        rows(
                ENDLESS
                        + "SET 'view.epoch' = '10 ms';CREATE MATERIALIZED VIEW parity AS SELECT id % 2 AS odd, count(*)"
                        + " AS n FROM endless GROUP BY id % 2;");
        View view = millrace.views().require("parity");
        Awaitility.await().until(() -> count(view) > 0);
        long before = count(view);
        Awaitility.await().until(() -> count(view) > before);
        List<List<Object>> first = rows("SELECT sum(n) FROM parity");
        assertThat((Long) first.getFirst().getFirst()).isGreaterThanOrEqualTo(before);
        rows("DROP MATERIALIZED VIEW parity");
        assertThat(millrace.jobs().jobs()).isEmpty();
    }

    private static long count(View view) {
        long[] sum = new long[1];
        try (ViewPage page = view.read(100, 0)) {
            page.forEach((batch, row, isFinal) -> {
                sum[0] += batch.column(1).getLong(row);
                assertThat(isFinal).isFalse();
            });
        }
        return sum[0];
    }

    @Test
    void runsAScriptAsOneJob() throws InterruptedException {
        ScriptJob script =
                session.start(
                        "script",
                        NUMBERS
                                + "CREATE TABLE hole (id BIGINT) WITH ('connector' = 'blackhole');"
                                + "CREATE MATERIALIZED VIEW a AS SELECT k, count(*) AS n FROM numbers GROUP BY k;"
                                + "CREATE MATERIALIZED VIEW b AS SELECT count(*) AS n FROM numbers;"
                                + "INSERT INTO hole SELECT id FROM numbers;");
        assertThat(script.job().name()).isEqualTo("script");
        assertThat(script.tables()).containsExactly("hole");
        assertThat(script.job().await()).isEqualTo(JobState.FINISHED);
        assertThat(script.views()).extracting(View::name).containsExactly("a", "b");
        try (ViewPage a = script.views().get(0).read(100, 0);
                ViewPage b = script.views().get(1).read(100, 0)) {
            assertThat(a.rowCount()).isEqualTo(10);
            assertThat(a.epoch()).isEqualTo(b.epoch());
        }
    }

    @Test
    void aScriptThatCannotStartLeavesNoViews() {
        MillraceException failure =
                catchThrowableOfType(
                        MillraceException.class,
                        () ->
                                session.start(
                                        "script",
                                        NUMBERS + "CREATE MATERIALIZED VIEW a AS SELECT k FROM numbers;\nSELECT 1"));
        assertThat(failure.code()).isEqualTo(ErrorCode.USAGE);
        assertThat(failure.position()).isEqualTo(new SqlPosition(2, 1));
        assertThat(millrace.views().views()).isEmpty();
        assertThat(rows("SHOW MATERIALIZED VIEWS")).isEmpty();
    }

    @Test
    void aJobCannotReadAMaterializedView() {
        MillraceException failure =
                failure(
                        NUMBERS
                                + "CREATE MATERIALIZED VIEW a AS SELECT k FROM numbers;"
                                + "CREATE MATERIALIZED VIEW b AS SELECT count(*) FROM a");
        assertThat(failure.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(failure.help()).contains("VIEW");
    }

    @Test
    void describesAndShows() {
        assertThat(rows(NUMBERS + "DESCRIBE numbers"))
                .containsExactly(
                        Arrays.asList("id", "BIGINT", "true", null, null, null),
                        Arrays.asList("k", "INT", "true", null, null, null));
        assertThat(rows("SHOW TABLES LIKE 'num%'")).containsExactly(List.of("numbers"));
        assertThat(rows("SHOW FUNCTIONS")).contains(List.of("UPPER"));
        assertThat(rows("SHOW FUNCTIONS LIKE 'uppe%'")).isEqualTo(rows("SHOW FUNCTIONS LIKE 'UPPE%'")).isNotEmpty();
        assertThat(rows("SET")).contains(List.of("execution.runtime-mode", "automatic"));
        assertThat(rows("EXPLAIN SELECT k FROM numbers").toString()).contains("[bounded]");
        assertThat((String) rows("SHOW CREATE TABLE numbers").getFirst().getFirst())
                .startsWith("CREATE TABLE `numbers`");
    }

    @Test
    void explainsEachQueryOfAScript() {
        String script =
                NUMBERS
                        + ENDLESS
                        + "SELECT 1; SELECT * FROM endless;"
                        + "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS n FROM endless; SELECT n FROM v";
        try (Explanations plans = session.explain(script)) {
            assertThat(plans.next(false)).contains("[bounded]");
            assertThat(plans.next(false)).contains("[unbounded]");
            assertThat(plans.next(true)).startsWith("{");
            assertThat(plans.next(false)).contains("Scan").contains("[bounded]");
            assertThat(plans.next(true)).isNull();
        }
        assertThat(millrace.jobs().jobs()).isEmpty();
        assertThat(millrace.views().views()).isEmpty();
        assertThat(rows("SHOW TABLES")).containsExactly(List.of("endless"), List.of("numbers"));
    }

    @Test
    void bringsRowsOfOneKeyToOneWriterOnlyWhereTheyAreNotTogetherYet() {
        rows(
                NUMBERS
                        + "CREATE MATERIALIZED VIEW latest (PRIMARY KEY (k) NOT ENFORCED) AS SELECT k, id FROM numbers;"
                        + "CREATE MATERIALIZED VIEW counts (PRIMARY KEY (k) NOT ENFORCED) AS"
                        + " SELECT count(*) AS n, k FROM numbers GROUP BY k;");
        List<String> graphs = millrace.jobs().jobs().stream().map(job -> job.graph().explain()).toList();
        assertThat(graphs.get(0).lines().skip(1).findFirst().orElseThrow()).contains("-> hash[0]");
        assertThat(graphs.get(1).lines().skip(1).findFirst().orElseThrow()).doesNotContain("->");
        assertThat(rows("SELECT count(*), sum(n) FROM counts")).containsExactly(List.of(10L, 10_000L));
        assertThat(rows("SELECT count(*) FROM latest")).containsExactly(List.of(10L));
    }

    @Test
    void warnsOfSettingsThatMeanNothingHere() {
        rows("SET 'table.exec.mini-batch.enabled' = 'true'");
        assertThat(session.takeWarnings()).hasSize(1);
        assertThat(session.takeWarnings()).isEmpty();
    }
}
