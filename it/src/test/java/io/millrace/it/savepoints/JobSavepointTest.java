package io.millrace.it.savepoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.ScriptJob;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.engine.durable.Durability;
import io.millrace.engine.job.EngineJob;
import io.millrace.engine.view.View;
import io.millrace.engine.view.ViewPage;
import io.millrace.scheduler.job.JobState;
import io.millrace.state.checkpoint.FoundCheckpoint;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.StateEntry;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Savepoints of a real job, taken amid a file and a generated table by the version that wrote them: this version goes
 * on from each, at its own parallelism and at others, and comes to the results of the job that was never stopped.
 */
class JobSavepointTest {
    private static final Path CORPUS = Path.of("src/test/resources/savepoints");

    /** Where the script has it: positions are in a file of this name and this age. */
    private static final Path HISTORY = Path.of("target/savepoints/history.csv");

    private static final FileTime HISTORY_TIME = FileTime.fromMillis(1_767_225_600_000L);
    private static final int HISTORY_ROWS = 60_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private static final String SCRIPT =
            """
            SET 'execution.runtime-mode' = 'streaming';
            SET 'execution.checkpointing.interval' = '10 min';
            SET 'execution.batch-rows' = '64';
            CREATE TABLE history (id BIGINT, item INT, price DECIMAL(10, 2), weight DOUBLE, word STRING, ts TIMESTAMP(3),
              WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'filesystem', 'format' = 'csv',
              'path' = 'target/savepoints/history.csv');
            CREATE TABLE ticks (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '4000',
              'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '11999');
            CREATE MATERIALIZED VIEW items AS
              SELECT item, count(*) AS n, sum(price) AS paid, avg(weight) AS weight, min(word) AS first_word,
                max(ts) AS latest, count(DISTINCT word) AS words
              FROM history GROUP BY item;
            CREATE MATERIALIZED VIEW minutes AS
              SELECT window_start, word, count(*) AS n, sum(weight) AS weight, max(price) AS dearest
              FROM TABLE(TUMBLE(TABLE history, DESCRIPTOR(ts), INTERVAL '10' MINUTE))
              GROUP BY window_start, window_end, word;
            CREATE MATERIALIZED VIEW spread AS
              SELECT n AS items, count(*) AS how_often FROM (SELECT item, count(*) AS n FROM history GROUP BY item)
              GROUP BY n;
            CREATE MATERIALIZED VIEW remainders AS
              SELECT n % 11 AS r, count(*) AS c, sum(n) AS s, max(CAST(n AS STRING)) AS m FROM ticks GROUP BY n % 11;
            """;

    @TempDir Path directory;

    static Stream<Path> jobs() throws IOException {
        try (Stream<Path> paths = Files.walk(CORPUS, 2)) {
            return paths
                    .filter(path ->
                            path.getFileName().toString().startsWith("job") && Files.isDirectory(path.resolve("log")))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static void writeHistory() throws IOException {
        StringBuilder text = new StringBuilder("id,item,price,weight,word,ts\n");
        LocalDateTime first = LocalDateTime.ofEpochSecond(1_767_225_600L, 0, ZoneOffset.UTC);
        for (int i = 0; i < HISTORY_ROWS; i++) {
            long mixed = i * 2_654_435_761L & 0xffff_ffffL;
            text.append(i).append(',').append(mixed % 97).append(',');
            text.append(mixed % 1_000).append('.').append(10 + mixed % 90).append(',').append(mixed % 4_096 / 8.0);
            text.append(",w").append(mixed % 13).append(',');
            text.append(TIME.format(first.plusSeconds(i - mixed % 4))).append('\n');
        }
        Files.createDirectories(HISTORY.getParent());
        Files.writeString(HISTORY, text);
        Files.setLastModifiedTime(HISTORY, HISTORY_TIME);
    }

    private static List<String> rows(View view) {
        List<String> rows = new ArrayList<>();
        try (ViewPage page = view.read(Long.MAX_VALUE, 0)) {
            page.forEach((batch, row, isFinal) -> {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < batch.columnCount(); i++) {
                    text.append(batch.column(i).getObject(row)).append(' ');
                }
                rows.add(text.toString());
            });
        }
        rows.sort(null);
        return rows;
    }

    private static List<List<String>> toEnd(String script, Durability durability) throws InterruptedException {
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults());
                Session session = millrace.session()) {
            ScriptJob started = session.start("savepoint-corpus", script, durability);
            assertThat(started.job().await()).isEqualTo(JobState.FINISHED);
            return started.views().stream().map(JobSavepointTest::rows).toList();
        }
    }

    private static String parallel(int tasks) {
        return "SET 'parallelism.default' = '" + tasks + "';\n" + SCRIPT;
    }

    private static String inRuns(int tasks) {
        return "SET 'state.memory-percent' = '0';\n" + parallel(tasks);
    }

    private static boolean isInRuns(Path savepoint) {
        return savepoint.toString().endsWith("-runs");
    }

    private static List<StateEntry> tables(Manifest manifest) {
        return manifest.operators().stream()
                .flatMap(operator -> operator.tasks().stream())
                .flatMap(task -> task.states().stream())
                .filter(state -> state.kind() == StateEntry.Kind.TABLE)
                .toList();
    }

    /** As its inline bytes begin. */
    private static boolean hasRuns(StateEntry table) {
        return table.inline()[0] >= 2;
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void isGoneOnFromWithExactResults(Path savepoint) throws Exception {
        writeHistory();
        List<List<String>> expected = toEnd(parallel(2), Durability.NONE);
        assertThat(expected).allSatisfy(rows -> assertThat(rows).isNotEmpty());
        FoundCheckpoint found = FoundCheckpoint.at(savepoint.toString());
        assertThat(found.verify()).isEmpty();
        assertThat(found.manifest().finished()).isFalse();
        assertThat(tables(found.manifest()).stream().anyMatch(JobSavepointTest::hasRuns))
                .isEqualTo(isInRuns(savepoint));
        for (int tasks : new int[] {2, 1, 3}) {
            boolean both = tasks == 2 && isInRuns(savepoint);
            for (String script : both ? List.of(parallel(tasks), inRuns(tasks)) : List.of(parallel(tasks))) {
                String state = directory.resolve("state" + tasks + script.length()).toString();
                Durability from = new Durability(state, null, savepoint.toString(), false);
                assertThat(toEnd(script, from)).as("parallelism " + tasks).isEqualTo(expected);
            }
        }
    }

    /**
     * Writes the newest, with all state in memory and with all of it in runs, unless they are there: {@code
     * -Dtest.write-corpus=true}.
     */
    @ParameterizedTest
    @ValueSource(strings = {"v2/job", "v2/job-in-indexed-runs"})
    @EnabledIfSystemProperty(named = "test.write-corpus", matches = "true")
    void writeTheNewest(String name) throws Exception {
        Path savepoint = CORPUS.resolve(name);
        if (Files.exists(savepoint)) {
            return;
        }
        writeHistory();
        String script = isInRuns(savepoint) ? inRuns(2) : parallel(2);
        for (int attempt = 0; !wrote(script, savepoint, attempt); attempt++) {
            deleteAll(savepoint);
        }
    }

    private boolean wrote(String script, Path savepoint, int attempt) throws InterruptedException {
        Durability durability = new Durability(directory.resolve("writer" + attempt).toString(), null, null, false);
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults());
                Session session = millrace.session()) {
            ScriptJob started = session.start("savepoint-corpus", script, durability);
            while (read(started.job()) < HISTORY_ROWS / 3) {
                Thread.onSpinWait();
            }
            Manifest saved = started.job().kept().orElseThrow().save(started.job()::checkpoint, savepoint.toString());
            long read = read(started.job());
            long kept = tables(saved).stream().mapToLong(state -> Math.max(0, state.rows())).sum();
            boolean inRuns = tables(saved).stream().anyMatch(JobSavepointTest::hasRuns);
            started.job().cancel();
            started.job().await();
            System.out.println("attempt=" + attempt + " history rows read=" + read + " rows kept=" + kept);
            return kept > 200 && read < HISTORY_ROWS && inRuns == isInRuns(savepoint);
        }
    }

    private static long read(EngineJob job) {
        return job.status().sources().stream()
                .filter(source -> source.table().equals("history"))
                .mapToLong(source -> source.rowsRead())
                .sum();
    }

    private static void deleteAll(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path dir, IOException failure) throws IOException {
                        Files.delete(dir);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
