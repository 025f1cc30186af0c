package io.millrace.it.savepoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.ScriptJob;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.engine.durable.Durability;
import io.millrace.it.ledger.EngineProcess;
import io.millrace.memory.error.MillraceException;
import io.millrace.scheduler.job.JobState;
import io.millrace.state.checkpoint.FoundCheckpoint;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows on their way into order, of which some have left memory: kept amid the input, and gone on from. */
class SortSavepointTest {
    private static final Path CORPUS = Path.of("src/test/resources/savepoints/v2/sort-in-runs");
    private static final int ROWS = 40_000;

    /** Where the script has it. */
    private static final Path SORTED = Path.of("target/savepoints/sorted");

    private static final String SCRIPT =
            """
            SET 'parallelism.default' = '%d';
            SET 'state.memory-percent' = '%d';
            SET 'execution.checkpointing.interval' = '%s';
            SET 'execution.batch-rows' = '512';
            CREATE TABLE ticks (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '%d',
              'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '39999');
            CREATE TABLE sorted (k BIGINT, n BIGINT, words STRING) WITH ('connector' = 'filesystem', 'format' = 'csv',
              'path' = 'target/savepoints/sorted');
            INSERT INTO sorted
              SELECT MOD(n * 7919, 40000) AS k, n, 'row number ' || CAST(n AS STRING) FROM ticks ORDER BY k;
            """;

    @TempDir Path directory;

    private static String script(int tasks, int memoryPercent, String interval, int rowsPerSecond) {
        return String.format(Locale.ROOT, SCRIPT, tasks, memoryPercent, interval, rowsPerSecond);
    }

    private static void forgetOutput() {
        Storage.at(SORTED.toString()).deleteTree(SORTED.toString());
    }

    /** Of the rows kept by a sort, those in runs; the whole count first. */
    private static long[] rowsKept(Manifest manifest) {
        long[] rows = new long[2];
        manifest.operators().stream()
                .flatMap(operator -> operator.tasks().stream())
                .flatMap(task -> task.states().stream())
                .filter(state -> state.kind() == StateEntry.Kind.ROWS)
                .forEach(state -> {
                    rows[0] += state.rows();
                    rows[1] += state.inline()[0] >= 2 ? state.rows() : 0;
                });
        return rows;
    }

    private static void expectAllInOrder() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(SORTED)) {
            List<Path> all = files.filter(path -> path.toString().endsWith(".csv")).toList();
            assertThat(all).hasSize(1);
            lines.addAll(Files.readAllLines(all.getFirst()));
        }
        lines.removeIf(line -> !Character.isDigit(line.charAt(0)));
        assertThat(lines).hasSize(ROWS);
        String[] expected = new String[ROWS];
        for (long n = 0; n < ROWS; n++) {
            long k = n * 7919 % ROWS;
            expected[(int) k] = k + "," + n + ",row number " + n;
        }
        assertThat(lines).containsExactly(expected);
    }

    private static void toEnd(String script, Durability durability) throws InterruptedException {
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults());
                Session session = millrace.session()) {
            ScriptJob started = session.start("sort-corpus", script, durability);
            assertThat(started.job().await()).isEqualTo(JobState.FINISHED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 50})
    void isGoneOnFromInOrder(int memoryPercent) throws Exception {
        FoundCheckpoint found = FoundCheckpoint.at(CORPUS.toString());
        assertThat(found.verify()).isEmpty();
        assertThat(rowsKept(found.manifest())[1]).isPositive();
        for (int tasks : new int[] {2, 1, 3}) {
            forgetOutput();
            String state = directory.resolve("state" + tasks).toString();
            toEnd(
                    script(tasks, memoryPercent, "10 min", 20_000),
                    new Durability(state, null, CORPUS.toString(), false));
            expectAllInOrder();
        }
    }

    @Test
    void isInOrderAndWholeAfterKillsAmidTheInput() throws Exception {
        forgetOutput();
        Path state = directory.resolve("state");
        Path script = directory.resolve("sort.sql");
        // Slow enough that a busy machine takes checkpoints before the input ends.
        Files.writeString(script, script(2, 0, "100 ms", 5_000));
        List<String> command = List.of("run", script.toString(), "--state", state.toString());
        long before = 0;
        for (int kill = 0; kill < 3; kill++) {
            try (EngineProcess engine = EngineProcess.start(directory.resolve("log" + kill), List.of(), command)) {
                long inRuns = before;
                while (inRuns <= before + 2_000) {
                    assertThat(engine.endsWithin(20)).as(engine.log()).isFalse();
                    inRuns = rowsInRuns(state);
                }
                before = inRuns;
                engine.kill();
            }
        }
        try (EngineProcess engine = EngineProcess.start(directory.resolve("last"), List.of(), command)) {
            assertThat(engine.await(Duration.ofMinutes(2))).as(engine.log()).isZero();
            assertThat(engine.log()).contains(", goes on from ");
        }
        expectAllInOrder();
    }

    /** In the newest checkpoint, 0 while there is none. */
    private static long rowsInRuns(Path state) {
        try {
            return rowsKept(FoundCheckpoint.at(state.toString()).manifest())[1];
        } catch (MillraceException notYet) {
            return 0;
        }
    }

    /** Writes the corpus, unless it is there: {@code -Dtest.write-corpus=true}. */
    @Test
    @EnabledIfSystemProperty(named = "test.write-corpus", matches = "true")
    void writeTheCorpus() throws Exception {
        if (Files.exists(CORPUS)) {
            return;
        }
        forgetOutput();
        Durability durability = new Durability(directory.resolve("writer").toString(), null, null, false);
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults());
                Session session = millrace.session()) {
            ScriptJob started = session.start("sort-corpus", script(2, 0, "10 min", 20_000), durability);
            while (started.job().status().sources().stream().mapToLong(source -> source.rowsRead()).sum() < ROWS / 4) {
                Thread.onSpinWait();
            }
            Manifest saved = started.job().kept().orElseThrow().save(started.job()::checkpoint, CORPUS.toString());
            started.job().cancel();
            started.job().await();
            assertThat(rowsKept(saved)[1]).isBetween(1_000L, (long) ROWS - 1);
        }
    }
}
