package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.ScriptJob;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.engine.plan.StoredPlan;
import io.millrace.engine.view.View;
import io.millrace.engine.view.ViewPage;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.scheduler.job.JobState;
import io.millrace.state.checkpoint.CheckpointStore;
import io.millrace.state.checkpoint.FoundCheckpoint;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.StateEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that are stopped amid their input, and go on with another script. */
class EditedScriptTest {
    private static final int ROWS = 12_000;

    /** Of row i: n = i, from which all else follows; f and s are of the same row. */
    private static final String TABLE =
            """
            SET 'execution.runtime-mode' = 'streaming';
            SET 'execution.checkpointing.interval' = '10 min';
            CREATE TABLE t (n %s, f %s, g INT, ts AS TIMESTAMPADD(SECOND, n / 10, TIMESTAMP '2026-01-01 00:00:00'),
              WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen', 'rows-per-second' = '4000',
              'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '11999',
              'fields.f.kind' = 'sequence', 'fields.f.start' = '0', 'fields.f.end' = '11999',
              'fields.g.min' = '0', 'fields.g.max' = '6');
            """;

    private static final String BIGINTS = TABLE.formatted("BIGINT", "DOUBLE");

    @TempDir Path directory;

    /** An engine of its own each time: views outlive their job. */
    private static Millrace engine() {
        return Millrace.open(MillraceConfig.defaults());
    }

    private Durability kept(boolean allowsDroppedState) {
        return new Durability(null, directory.resolve("kept").toString(), null, allowsDroppedState);
    }

    private static List<String> rows(View view) {
        List<String> rows = new ArrayList<>();
        try (ViewPage page = view.read(Long.MAX_VALUE, 0)) {
            page.forEach((batch, row, isFinal) -> {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < batch.columnCount(); i++) {
                    values.add(view.schema().name(i) + "=" + batch.column(i).getObject(row));
                }
                values.sort(null);
                rows.add(String.join(" ", values));
            });
        }
        rows.sort(null);
        return rows;
    }

    /** Stops a script with a checkpoint when about a third of its input was read. */
    private Manifest begin(String script) throws Exception {
        try (Millrace millrace = engine();
                Session session = millrace.session()) {
            ScriptJob started = session.start("job", script, kept(false));
            while (started.job().status().sources().isEmpty()
                    || started.job().status().sources().getFirst().rowsRead() < ROWS / 3) {
                Thread.onSpinWait();
            }
            Manifest last = started.job().stop().get(60, TimeUnit.SECONDS);
            assertThat(started.job().await()).isEqualTo(JobState.CANCELLED);
            assertThat(last.finished()).isFalse();
            return last;
        }
    }

    private static String faster(String script) {
        return script.replace("'rows-per-second' = '4000'", "'rows-per-second' = '1000000'");
    }

    private List<List<String>> toEnd(String script, Durability durability) throws Exception {
        try (Millrace millrace = engine();
                Session session = millrace.session()) {
            ScriptJob started = session.start("job", faster(script), durability);
            assertThat(started.job().await()).isEqualTo(JobState.FINISHED);
            return started.views().stream().map(EditedScriptTest::rows).toList();
        }
    }

    private List<String> fates(String script) {
        FoundCheckpoint found = FoundCheckpoint.at(directory.resolve("kept").toString());
        try (Millrace millrace = engine();
                Session session = millrace.session()) {
            return StateMatch.of(session.graph(script), found.manifest()).fates().stream()
                    .map(StateFate::toString)
                    .map(line -> line.replaceAll("#\\d+", ""))
                    .toList();
        }
    }

    private void goesOnAsIfItHadAlwaysBeen(String before, String after, String... fates) throws Exception {
        begin(before);
        assertThat(fates(after)).contains(fates).noneMatch(fate -> fate.startsWith("dropped"));
        List<List<String>> edited = toEnd(after, kept(false));
        List<List<String>> expected = toEnd(after, Durability.NONE);
        assertThat(edited).isEqualTo(expected);
        assertThat(expected.getFirst()).isNotEmpty();
    }

    private static String view(String query) {
        return "CREATE MATERIALIZED VIEW v AS " + query + ";\n";
    }

    private static String parallel(int tasks, String script) {
        return "SET 'parallelism.default' = '" + tasks + "';\n" + script;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aggregatesInAnotherOrderKeepTheirGroups(int tasks) throws Exception {
        String before =
                "SELECT n % 7 AS k, max(n) AS x, count(*) AS c, sum(f) AS s, min(CAST(n AS STRING)) AS m"
                        + " FROM t GROUP BY n % 7";
        String after =
                "SELECT sum(f) AS s, min(CAST(n AS STRING)) AS m, n % 7 AS k, count(*) AS c, max(n) AS x"
                        + " FROM t GROUP BY n % 7";
        goesOnAsIfItHadAlwaysBeen(
                parallel(2, BIGINTS + view(before)),
                parallel(tasks, BIGINTS + view(after)),
                "kept     Aggregate",
                "kept     Sink table v");
    }

    @Test
    void distinctAndRetractedAggregatesInAnotherOrderKeepTheirGroups() throws Exception {
        String inner = "(SELECT n % 100 AS k, max(n) AS x, min(CAST(n AS STRING)) AS z FROM t GROUP BY n % 100)";
        String before =
                "SELECT k % 3 AS g, max(x) AS x, count(DISTINCT x %% 5) AS d, min(z) AS z FROM %s GROUP BY k % 3";
        String after =
                "SELECT k % 3 AS g, min(z) AS z, count(DISTINCT x %% 5) AS d, max(x) AS x FROM %s GROUP BY k % 3";
        goesOnAsIfItHadAlwaysBeen(
                BIGINTS + view(before.replace("%s", inner).replace("%%", "%")),
                BIGINTS + view(after.replace("%s", inner).replace("%%", "%")),
                "kept     Aggregate");
    }

    @Test
    void theOneGroupOfAllRowsIsKept() throws Exception {
        goesOnAsIfItHadAlwaysBeen(
                BIGINTS + view("SELECT count(*) AS c, sum(n) AS s, min(CAST(n AS STRING)) AS m FROM t"),
                BIGINTS + view("SELECT min(CAST(n AS STRING)) AS m, sum(n) AS s, count(*) AS c FROM t"),
                "kept     Aggregate");
    }

    @Test
    void whatWasEditedIsKeptAgain() throws Exception {
        String query = "SELECT %s FROM t GROUP BY n %% 7, CAST(n %% 5 AS STRING)";
        String a = "n % 7 AS a";
        String b = "CAST(n % 5 AS STRING) AS b";
        String s = "sum(n) AS s, max(f) AS x";
        begin(parallel(2, BIGINTS + view(query.formatted(String.join(", ", a, b, s)))));
        begin(parallel(3, BIGINTS + view(query.formatted(String.join(", ", "max(f) AS x", b, "sum(n) AS s", a)))));
        String last = parallel(3, BIGINTS + view(query.formatted(String.join(", ", s, a, b))));
        assertThat(fates(last)).allMatch(fate -> fate.startsWith("kept"));
        assertThat(toEnd(last, kept(false))).isEqualTo(toEnd(last, Durability.NONE));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void keysInAnotherOrderKeepTheirGroups(int tasks) throws Exception {
        String before =
                "SELECT n % 7 AS a, CAST(n % 5 AS STRING) AS b, sum(n) AS s FROM t GROUP BY n % 7, CAST(n % 5 AS"
                        + " STRING)";
        String after =
                "SELECT sum(n) AS s, CAST(n % 5 AS STRING) AS b, n % 7 AS a FROM t GROUP BY CAST(n % 5 AS STRING), n %"
                        + " 7";
        goesOnAsIfItHadAlwaysBeen(
                parallel(2, BIGINTS + view(before)),
                parallel(tasks, BIGINTS + view(after)),
                "kept     Aggregate",
                "kept     Sink table v");
    }

    @Test
    void columnsThatNobodyReadsAndOtherNamesChangeNothing() throws Exception {
        String before = "SELECT k, sum(n) AS s FROM (SELECT n % 7 AS k, n, f FROM t WHERE n > 10) GROUP BY k";
        String after =
                "SELECT u AS k, sum(m) AS s FROM (SELECT f + 1 AS g, n AS m, n % 7 AS u FROM t WHERE n > 10) GROUP BY"
                        + " u";
        goesOnAsIfItHadAlwaysBeen(BIGINTS + view(before), BIGINTS + view(after), "kept     Aggregate");
    }

    @Test
    void windowsKeepTheirPanes() throws Exception {
        String query =
                "SELECT window_start, %s FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '10'"
                        + " SECOND)) GROUP BY window_start, window_end, n %% 3, n %% 2";
        goesOnAsIfItHadAlwaysBeen(
                BIGINTS + view(query.formatted("n % 3 AS a, n % 2 AS b, sum(n) AS s, max(f) AS x")),
                BIGINTS
                        + view(
                                query.replace("n %% 3, n %% 2", "n %% 2, n %% 3")
                                        .formatted("max(f) AS x, n % 2 AS b, n % 3 AS a, sum(n) AS s")),
                "kept     WindowAggregate");
    }

    @Test
    void whatIsAddedBeginsAtTheCheckpoint() throws Exception {
        String before = "SELECT n % 7 AS k, sum(n) AS s FROM t GROUP BY n % 7";
        String after =
                "SELECT n % 7 AS k, count(n) AS c, min(n) AS first_one, sum(n) AS s, sum(f) AS fs FROM t GROUP BY n %"
                        + " 7";
        begin(parallel(1, BIGINTS + view(before)));
        String script = parallel(1, BIGINTS + view(after));
        String begins = "COUNT(t.n) and MIN(t.n) and SUM(t.f) begin at the checkpoint";
        assertThat(fates(script)).contains("migrated Aggregate: " + begins, "migrated Sink table v: " + begins);
        try (Millrace millrace = engine();
                Session session = millrace.session()) {
            ScriptJob started = session.start("job", faster(script), kept(false));
            assertThat(started.job().await()).isEqualTo(JobState.FINISHED);
            Schema schema = started.views().getFirst().schema();
            forEach(
                    started.views().getFirst(),
                    row -> {
                        long k = (Integer) row.get(schema.indexOf("k"));
                        long first = (Long) row.get(schema.indexOf("first_one"));
                        assertThat(first).isGreaterThan(ROWS / 4).isLessThan(ROWS);
                        assertThat(first % 7).isEqualTo(k);
                        assertThat(row.get(schema.indexOf("s"))).isEqualTo(sum(k, 0));
                        assertThat(row.get(schema.indexOf("c"))).isEqualTo((ROWS - 1 - first) / 7 + 1);
                        assertThat(row.get(schema.indexOf("fs"))).isEqualTo((double) sum(k, first));
                    });
        }
    }

    private static void forEach(View view, Consumer<List<Object>> visitor) {
        try (ViewPage page = view.read(Long.MAX_VALUE, 0)) {
            assertThat(page.rowCount()).isEqualTo(7);
            page.forEach((batch, row, isFinal) -> {
                List<Object> values = new ArrayList<>();
                for (int i = 0; i < batch.columnCount(); i++) {
                    values.add(batch.column(i).getObject(row));
                }
                visitor.accept(values);
            });
        }
    }

    /** Of the numbers that are k modulo 7, from one of them on. */
    private static long sum(long k, long from) {
        long sum = 0;
        for (long n = k; n < ROWS; n += 7) {
            sum += n >= from ? n : 0;
        }
        return sum;
    }

    @Test
    void whatIsRemovedIsDroppedOnlyWhenThatIsAllowed() throws Exception {
        String before = "SELECT n % 7 AS k, sum(n) AS s, max(CAST(n AS STRING)) AS x FROM t GROUP BY n % 7";
        String after = BIGINTS + view("SELECT n % 7 AS k, sum(n) AS s FROM t GROUP BY n % 7");
        begin(BIGINTS + view(before));
        try (Millrace millrace = engine();
                Session session = millrace.session()) {
            session.start("job", after, kept(false));
            throw new AssertionError("was not refused");
        } catch (MillraceException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_OPTION);
            assertThat(refused)
                    .hasMessageContaining("is dropped; only with --allow-dropped-state")
                    .hasMessageContaining("MAX(");
        }
        assertThat(toEnd(after, kept(true))).isEqualTo(toEnd(after, Durability.NONE));
    }

    @Test
    void widerTypesKeepWhatTheyHad() throws Exception {
        String query =
                view(
                        "SELECT g, sum(n) AS s, max(n) AS x, count(DISTINCT n) AS d, sum(f) AS fs, min(f) AS fm,"
                                + " avg(n) AS a FROM t GROUP BY g");
        goesOnAsIfItHadAlwaysBeen(
                TABLE.formatted("INT", "FLOAT") + query,
                BIGINTS + query,
                "migrated Aggregate: SUM(t.n) and MAX(t.n) and COUNT(distinct t.n) and SUM(t.f) and MIN(t.f) and"
                        + " AVG(t.n) have a wider type");
    }

    @Test
    void widerKeysAndDecimalsKeepTheirGroups() throws Exception {
        String query = view("SELECT n, max(f) AS x, sum(f) AS s, count(DISTINCT f) AS d FROM t GROUP BY n");
        goesOnAsIfItHadAlwaysBeen(
                parallel(2, TABLE.formatted("INT", "DECIMAL(8, 0)") + query),
                parallel(2, TABLE.formatted("BIGINT", "DECIMAL(30, 0)") + query),
                "migrated Aggregate: t.n and MAX(t.f) and SUM(t.f) and COUNT(distinct t.f) have a wider type");
    }

    private static String inRuns(String script) {
        return "SET 'state.memory-percent' = '0';\n" + script;
    }

    private void haveRuns(Manifest manifest) {
        assertThat(manifest.operators())
                .flatExtracting(operator -> operator.tasks())
                .flatExtracting(task -> task.states())
                .anySatisfy(state -> {
                    assertThat(state.kind()).isEqualTo(StateEntry.Kind.TABLE);
                    assertThat(state.inline()[0]).isGreaterThanOrEqualTo((byte) 2);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void groupsThatOutgrewMemoryAreFoundByKeysInAnotherOrderAndOfWiderTypes(int tasks) throws Exception {
        String query =
                "SELECT n, CAST(g AS STRING) AS b, max(CAST(f AS STRING)) AS m, sum(f) AS s, count(DISTINCT f) AS d,"
                        + " count(*) AS c FROM t GROUP BY %s;\n"
                        + "CREATE MATERIALIZED VIEW singles AS SELECT n, sum(f) AS s, count(*) AS c FROM t GROUP BY n";
        String before = view(query.formatted("n, CAST(g AS STRING)"));
        String after = view(query.formatted("CAST(g AS STRING), n"));
        haveRuns(begin(inRuns(parallel(2, TABLE.formatted("INT", "DOUBLE") + before))));
        String edited = parallel(tasks, BIGINTS + after);
        List<List<String>> expected = toEnd(edited, Durability.NONE);
        assertThat(toEnd(tasks == 1 ? edited : inRuns(edited), kept(false))).isEqualTo(expected);
        assertThat(expected).allSatisfy(rows -> assertThat(rows).hasSizeGreaterThan(1_000));
    }

    @Test
    void anotherConditionIsRebuiltFromTheBeginning() throws Exception {
        String query = "SELECT n % 7 AS k, sum(n) AS s FROM t WHERE n > %s GROUP BY n % 7";
        begin(BIGINTS + view(query.replace("%s", "10")));
        String after = BIGINTS + view(query.replace("%s", "20"));
        assertThat(fates(after))
                .contains(
                        "rebuilt  Aggregate: from the beginning of table t",
                        "dropped  Aggregate: only with --allow-dropped-state");
        try (Millrace millrace = engine();
                Session session = millrace.session()) {
            session.start("job", after, kept(false));
            throw new AssertionError("was not refused");
        } catch (MillraceException refused) {
            assertThat(refused).hasMessageContaining("rebuilt  Scan").hasMessageContaining("dropped  Aggregate");
        }
        assertThat(toEnd(after, kept(true))).isEqualTo(toEnd(after, Durability.NONE));
    }

    @Test
    void aViewOfItsOwnTableIsAddedWithoutTouchingTheOthers() throws Exception {
        String before = BIGINTS + view("SELECT n % 7 AS k, sum(n) AS s FROM t GROUP BY n % 7");
        begin(before);
        String after =
                before
                        + """
                        CREATE TABLE u (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '100000',
                          'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '999');
                        CREATE MATERIALIZED VIEW w AS SELECT count(*) AS c FROM u;
                        """;
        assertThat(fates(after)).contains("kept     Aggregate", "rebuilt  Aggregate: from the beginning of table u");
        assertThat(toEnd(after, kept(false))).isEqualTo(toEnd(after, Durability.NONE));
    }

    @Test
    void anUnchangedScriptRunsThePlanThatWasStored() throws Exception {
        String script =
                "SET 'execution.checkpointing.interval' = '10 min';\n"
                        + BIGINTS
                        + view(
                                "SELECT n % 7 AS k, sum(n) AS s, max(upper(CAST(f AS STRING))) AS u FROM t WHERE n >= 1"
                                        + " GROUP BY n % 7");
        OperatorGraph planned;
        Manifest last = begin(script);
        try (Millrace millrace = engine();
                Session session = millrace.session()) {
            planned = session.graph(script);
        }
        String conditions = last.plan().replaceFirst(".*?\"conditions\":\"([^\"]*)\".*", "$1");
        List<String> warnings = new ArrayList<>();
        OperatorGraph stored = StoredPlan.read(last.plan(), conditions, planned, warnings::add);
        assertThat(stored).isNotSameAs(planned);
        assertThat(stored.explain()).isEqualTo(planned.explain());
        assertThat(StoredPlan.write(conditions, stored)).isEqualTo(last.plan());

        String other = last.plan().replace("{\"is\":\"Long\",\"value\":\"1\"}", "{\"is\":\"Long\",\"value\":\"-1\"}");
        assertThat(other).isNotEqualTo(last.plan());
        OperatorGraph run = StoredPlan.read(other, conditions, planned, warnings::add);
        assertThat(run.explain()).isNotEqualTo(planned.explain());
        assertThat(StoredPlan.read(other, conditions + " more", planned, warnings::add)).isSameAs(planned);
        assertThat(warnings).isEmpty();
        assertThat(StoredPlan.read(other.replace("CalcSpec", "LaterSpec"), conditions, planned, warnings::add))
                .isSameAs(planned);
        assertThat(warnings).singleElement().asString().contains("planned anew");
    }

    /** Its plan names columns between operators as the planner of today does not. */
    @Test
    void aPlanThatNobodyWouldMakeAnyMoreStillRuns() throws Exception {
        String script = BIGINTS + view("SELECT n % 7 AS k, sum(n + 1) AS s FROM t WHERE n >= 1 GROUP BY n % 7");
        Manifest last = begin(script);
        String other =
                last.plan()
                        .replaceFirst(
                                "(\"CalcSpec\".*?\"outputSchema\":.*?\"name\":\")([^\"]*)", "$1of another planner");
        assertThat(other).isNotEqualTo(last.plan());
        CheckpointStore store = CheckpointStore.open(directory.resolve("kept").toString());
        long incarnation = store.begin("test");
        store.publish(
                new Manifest(
                        last.job(),
                        store.nextCheckpoint(),
                        incarnation,
                        last.createdMillis(),
                        last.engineVersion(),
                        last.keyGroups(),
                        last.script(),
                        other,
                        false,
                        last.operators()));
        try (Millrace millrace = engine();
                Session session = millrace.session()) {
            ScriptJob started = session.start("job", script, kept(false));
            String conditions = other.replaceFirst(".*?\"conditions\":\"([^\"]*)\".*", "$1");
            assertThat(StoredPlan.write(conditions, started.job().graph())).isEqualTo(other);
            assertThat(started.job().await()).isEqualTo(JobState.FINISHED);
            assertThat(rows(started.views().getFirst())).isEqualTo(toEnd(script, Durability.NONE).getFirst());
        }
    }
}
