package io.millrace.it.edits;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.ledger.EngineProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run}, a signal to stop, {@code diff}, {@code run --from} with an edited script: as a user does it. */
class EditedScriptIT {
    private static final int ROWS = 24_000;
    private static final int WINDOW_ROWS = 100;

    /** A row is a tenth of a second: a window of ten seconds has a hundred. */
    private static final String SCRIPT =
            """
            SET 'pipeline.name' = 'edited';
            SET 'execution.runtime-mode' = 'streaming';
            SET 'execution.checkpointing.interval' = '500 ms';
            SET 'parallelism.default' = '%d';
            CREATE TABLE t (n BIGINT,
              ts AS TIMESTAMPADD(SECOND, n / 10, TIMESTAMP '2026-01-01 00:00:00'), WATERMARK FOR ts AS ts)
              WITH ('connector' = 'datagen', 'rows-per-second' = '%d',
              'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '23999');
            CREATE TABLE o (%s) WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '%s');
            INSERT INTO o SELECT %s FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND))
              GROUP BY window_start, window_end, %s;
            """;

    @TempDir Path directory;

    private Path script(String name, int tasks, int rate, String columns, String query, String keys)
            throws IOException {
        String text = String.format(Locale.ROOT, SCRIPT, tasks, rate, columns, directory.resolve("out"), query, keys);
        return Files.writeString(directory.resolve(name), text);
    }

    private EngineProcess start(String... arguments) throws IOException {
        return EngineProcess.start(
                directory.resolve("log"), directory.resolve("stdout"), List.of(), List.of(arguments));
    }

    private String ends(int exitCode, String... arguments) throws Exception {
        Files.deleteIfExists(directory.resolve("stdout"));
        try (EngineProcess process = start(arguments)) {
            assertThat(process.await(Duration.ofSeconds(120))).as(process.log()).isEqualTo(exitCode);
            return Files.readString(directory.resolve("stdout"));
        }
    }

    private boolean hasOutput() throws IOException {
        Path out = directory.resolve("out");
        if (!Files.isDirectory(out)) {
            return false;
        }
        try (Stream<Path> files = Files.list(out)) {
            return files.anyMatch(file -> file.toString().endsWith(".json"));
        }
    }

    private List<Map<String, String>> output() throws IOException {
        Pattern field = Pattern.compile("\"(\\w+)\":(\"[^\"]*\"|[^,}]+)");
        List<Map<String, String>> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory.resolve("out"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    Map<String, String> row = new HashMap<>();
                    Matcher matcher = field.matcher(line);
                    while (matcher.find()) {
                        row.put(matcher.group(1), matcher.group(2));
                    }
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    @Test
    void goesOnWithAnotherScriptFromWhereTheFirstWasStopped() throws Exception {
        Path before =
                script(
                        "before.sql",
                        2,
                        4_000,
                        "w TIMESTAMP(3), k BIGINT, odd BIGINT, c BIGINT, s BIGINT",
                        "window_start, n % 3, n % 2, count(*), sum(n)",
                        "n % 3, n % 2");
        Path after =
                script(
                        "after.sql",
                        3,
                        200_000,
                        "w TIMESTAMP(3), s BIGINT, latest BIGINT, c BIGINT, odd BIGINT, k BIGINT",
                        "window_start, sum(n), max(n), count(*), n % 2, n % 3",
                        "n % 2, n % 3");
        Path without =
                script("without.sql", 2, 4_000, "w TIMESTAMP(3), c BIGINT", "window_start, count(*)", "n % 3, n % 2");
        Path state = directory.resolve("state");
        try (EngineProcess process = start("run", before.toString(), "--state", state.toString())) {
            while (!hasOutput()) {
                assertThat(process.endsWithin(20)).as(process.log()).isFalse();
            }
            assertThat(process.terminate()).as(process.log()).isZero();
        }
        int windowsBefore = output().size();
        assertThat(windowsBefore).isPositive().isLessThan(ROWS / WINDOW_ROWS * 6);

        String from = state.resolve("checkpoints").toString();
        assertThat(ends(0, "diff", before.toString(), after.toString(), "--from", from))
                .contains("migrated WindowAggregate", ": MAX(t.n) begins at the checkpoint", "kept     Scan")
                .doesNotContain("rebuilt", "dropped");
        assertThat(ends(0, "diff", before.toString(), without.toString(), "--from", from))
                .contains("SUM(t.n) is dropped; only with --allow-dropped-state");
        String other = directory.resolve("other").toString();
        ends(2, "run", without.toString(), "--state", other, "--from", from);
        ends(0, "run", after.toString(), "--state", other, "--from", from);

        Map<String, Map<String, String>> windows = new HashMap<>();
        for (Map<String, String> row : output()) {
            String key = row.get("w") + " " + row.get("k") + " " + row.get("odd");
            assertThat(windows.put(key, row)).as(key).isNull();
        }
        assertThat(windows).hasSize(ROWS / WINDOW_ROWS * 6);
        long rows = 0;
        long sum = 0;
        int whole = 0;
        for (Map<String, String> row : windows.values()) {
            rows += Long.parseLong(row.get("c"));
            sum += Long.parseLong(row.get("s"));
            whole += row.containsKey("latest") ? 1 : 0;
        }
        assertThat(rows).isEqualTo(ROWS);
        assertThat(sum).isEqualTo((long) ROWS * (ROWS - 1) / 2);
        assertThat(whole).isEqualTo(windows.size() - windowsBefore);
    }
}
