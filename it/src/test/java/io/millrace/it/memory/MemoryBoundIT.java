package io.millrace.it.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.config.Amount;
import io.millrace.it.memory.LaunchedEngine.Outcome;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No sample of a running job's anonymous and shared pages is above 110 % of {@code --memory}. Set with {@code -D}:
 *
 * <pre>
 *   memory-bound.memory       512m       --memory
 *   memory-bound.rows         60000000   rows into the aggregate whose state fits
 *   memory-bound.history      3000000    events of the backfill
 *   memory-bound.keys         20000000   keys of the aggregate whose state does not fit
 *   memory-bound.sorted       10000000   rows put in order
 *   memory-bound.parallelism  1,2        one after the other
 *   memory-bound.seconds      900        a run may take
 * </pre>
 */
@EnabledOnOs(OS.LINUX)
class MemoryBoundIT {
    private static final String MEMORY = System.getProperty("memory-bound.memory", "512m");
    private static final long ROWS = Long.getLong("memory-bound.rows", 60_000_000);
    private static final long HISTORY = Long.getLong("memory-bound.history", 3_000_000);
    private static final long KEYS = Long.getLong("memory-bound.keys", 20_000_000);
    private static final long SORTED = Long.getLong("memory-bound.sorted", 10_000_000);
    private static final long SECONDS = Long.getLong("memory-bound.seconds", 900);
    private static final long FITTING_KEYS = 500_000;

    @TempDir Path directory;

    static IntStream parallelisms() {
        return Arrays.stream(System.getProperty("memory-bound.parallelism", "1,2").split(","))
                .mapToInt(Integer::parseInt);
    }

    @ParameterizedTest
    @MethodSource("parallelisms")
    void staysWithinItWhileAnAggregateThatFitsRuns(int parallelism) throws Exception {
        Outcome outcome =
                run(
                        "fits",
                        parallelism,
                        text(
                                """
                                CREATE TABLE numbers (k BIGINT, v BIGINT, name STRING) WITH ('connector' = 'datagen',
                                  'number-of-rows' = '%d', 'rows-per-second' = '1000000000',
                                  'fields.k.min' = '0', 'fields.k.max' = '%d', 'fields.v.min' = '0', 'fields.v.max' = '9',
                                  'fields.name.length' = '20');
                                CREATE TABLE answers (k BIGINT, n BIGINT, total BIGINT, last STRING)
                                  WITH ('connector' = 'blackhole');
                                INSERT INTO answers SELECT k, COUNT(*), SUM(v), MAX(name) FROM numbers GROUP BY k;
                                """,
                                ROWS, FITTING_KEYS - 1));
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }

    @ParameterizedTest
    @MethodSource("parallelisms")
    void staysWithinItWhileHistoryIsWrittenAndReadBack(int parallelism) throws Exception {
        Path history = Files.createDirectories(directory.resolve("history"));
        String files =
                text(
                        """
                        CREATE TABLE history (auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,
                          date_time TIMESTAMP(3), extra STRING) WITH ('connector' = 'filesystem', 'path' = '%s',
                          'format' = 'parquet');
                        """,
                        history);
        Outcome written =
                run(
                        "writes",
                        parallelism,
                        files
                                + text(
                                        """
                                        CREATE TABLE bids (event_id BIGINT, auction BIGINT, bidder BIGINT, price BIGINT,
                                          channel STRING, url STRING, date_time TIMESTAMP(3), extra STRING)
                                          WITH ('connector' = 'nexmark', 'events.num' = '%d');
                                        INSERT INTO history SELECT auction, bidder, price, channel, url, date_time, extra FROM bids;
                                        """,
                                        HISTORY));
        assertThat(written.exitCode()).as(written.err()).isZero();
        Outcome read =
                run(
                        "reads",
                        parallelism,
                        files
                                + """
                                CREATE TABLE answers (channel STRING, ends TIMESTAMP(3), bids BIGINT, most BIGINT,
                                  length BIGINT) WITH ('connector' = 'blackhole');
                                INSERT INTO answers SELECT channel, window_end, COUNT(*), MAX(price),
                                  SUM(CHAR_LENGTH(extra) + CHAR_LENGTH(url))
                                  FROM TABLE(TUMBLE(TABLE history, DESCRIPTOR(date_time), INTERVAL '10' SECOND))
                                  GROUP BY channel, window_start, window_end;
                                """);
        assertThat(read.exitCode()).as(read.err()).isZero();
    }

    @ParameterizedTest
    @MethodSource("parallelisms")
    void answersRightlyWhenStateOutgrowsIt(int parallelism) throws Exception {
        Outcome outcome =
                run(
                        "outgrows",
                        parallelism,
                        text(
                                """
                                CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'datagen',
                                  'rows-per-second' = '1000000000', 'fields.id.kind' = 'sequence',
                                  'fields.id.start' = '0', 'fields.id.end' = '%d');
                                CREATE TABLE answer (keys BIGINT, least BIGINT, most BIGINT) WITH ('connector' = 'print');
                                INSERT INTO answer SELECT COUNT(*), MIN(n), MAX(n) FROM
                                  (SELECT MOD(id, %d) AS k, COUNT(*) AS n, SUM(id) AS total FROM numbers GROUP BY MOD(id, %d));
                                """,
                                2 * KEYS - 1, KEYS, KEYS));
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("[" + KEYS + ", 2, 2]");
    }

    /** Row {@code k} of the answer has key {@code k}, as the factor and the number of rows have no common divisor. */
    @Test
    void sortsMoreRowsThanFit() throws Exception {
        Path sorted = directory.resolve("answer");
        Outcome outcome =
                run(
                        "sorts",
                        2,
                        text(
                                """
                                CREATE TABLE numbers (id BIGINT NOT NULL, name STRING) WITH ('connector' = 'datagen',
                                  'rows-per-second' = '1000000000', 'fields.id.kind' = 'sequence',
                                  'fields.id.start' = '0', 'fields.id.end' = '%d', 'fields.name.length' = '40');
                                CREATE TABLE answer (k BIGINT, length BIGINT) WITH ('connector' = 'filesystem',
                                  'path' = '%s', 'format' = 'csv', 'csv.header' = 'false');
                                INSERT INTO answer SELECT MOD(id * 7919, %d) AS k, CHAR_LENGTH(name) AS length
                                  FROM numbers ORDER BY k, name;
                                """,
                                SORTED - 1, sorted, SORTED));
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        try (Stream<Path> files = Files.list(sorted);
                BufferedReader lines = Files.newBufferedReader(files.findFirst().orElseThrow())) {
            for (long k = 0; k < SORTED; k++) {
                assertThat(lines.readLine()).isEqualTo(k + ",40");
            }
            assertThat(lines.readLine()).isNull();
        }
    }

    private static String text(String template, Object... values) {
        return String.format(Locale.ROOT, template, values);
    }

    private Outcome run(String name, int parallelism, String sql) throws Exception {
        Path place = Files.createDirectories(directory.resolve(name));
        Path script = place.resolve(name + ".sql");
        Files.writeString(script, sql);
        Outcome outcome =
                new LaunchedEngine(place)
                        .run(
                                SECONDS,
                                "run",
                                script.toString(),
                                "--memory",
                                MEMORY,
                                "--parallelism",
                                String.valueOf(parallelism));
        long limit = Amount.bytes("--memory", MEMORY);
        assertThat(outcome.bounded()).as(outcome.err()).isNotEmpty();
        long most = Collections.max(outcome.bounded());
        System.out.println(
                text(
                        "%s at parallelism %d: at most %d of %d MiB in %d samples, %s",
                        name, parallelism, most >> 20, limit >> 20, outcome.bounded().size(), outcome.greatest()));
        assertThat(outcome.bounded()).allSatisfy(bytes -> assertThat(bytes).isLessThanOrEqualTo(limit / 10 * 11));
        return outcome;
    }
}
