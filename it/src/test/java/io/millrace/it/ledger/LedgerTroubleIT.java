package io.millrace.it.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.power.LoopDisk;
import io.millrace.state.TaskState;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.CheckpointStore;
import io.millrace.state.checkpoint.LogEntry;
import io.millrace.state.checkpoint.Manifest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A job whose state is on disk meets a full disk, its own damaged files, and a topic that is not what it was. */
class LedgerTroubleIT {
    @RegisterExtension static final LedgerBroker BROKER = new LedgerBroker();

    @TempDir Path directory;
    private LedgerJob job;

    @BeforeEach
    void nameJob() {
        job = new LedgerJob(directory);
    }

    private Ledger ledger(String name) throws IOException {
        Ledger ledger = new Ledger(BROKER.servers(), name, directory);
        ledger.produce(50_000);
        ledger.archive(40_000, 2);
        return ledger;
    }

    /** Runs with all state on disk, rows coming all the time, until this many came, and is killed. */
    private void live(Ledger ledger, Path script, long rows) throws Exception {
        try (EngineProcess engine = job.start(script, LedgerJob.ALL_ON_DISK)) {
            feed(engine, ledger, () -> ledger.copiedRows() >= rows);
            engine.kill();
        }
    }

    /** What to wait for. */
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void feed(EngineProcess engine, Ledger ledger, Condition enough) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    ledger.produce(100);
                    return enough.holds() || !engine.isAlive();
                });
        assertThat(engine.isAlive()).as(engine.log()).isTrue();
    }

    /** Starts, and ends by itself, with this exit code and these words. */
    private void assertRefused(int exitCode, Path script, String state, List<String> more, String... said)
            throws Exception {
        try (EngineProcess engine = job.start(script, state, List.of(), more)) {
            assertThat(engine.await(Duration.ofSeconds(60))).as(engine.log()).isEqualTo(exitCode);
            assertThat(engine.ownLog()).contains(said);
        }
    }

    private CheckpointStore store() {
        return CheckpointStore.open(directory.resolve("state/checkpoints").toString());
    }

    private static Set<CheckpointFile> filesWithRuns(Manifest manifest) {
        return manifest.operators().stream()
                .flatMap(operator -> operator.tasks().stream())
                .flatMap(task -> task.states().stream())
                .filter(state -> TaskState.runsOf(state) > 0)
                .flatMap(state -> state.files().stream().skip(state.files().size() - TaskState.runsOf(state)))
                .collect(Collectors.toSet());
    }

    @Test
    void aDamagedRunIsFoundAndTheCheckpointBeforeItIsGoneBackTo() throws Exception {
        try (Ledger ledger = ledger("damage")) {
            // A job that only serves: what a sink has committed cannot be taken back.
            Path script = ledger.servingScript();
            try (EngineProcess engine = job.start(script, LedgerJob.ALL_ON_DISK)) {
                long before = ledger.rows();
                feed(engine, ledger, () -> ledger.rows() > before + 5_000 && store().entries().size() > 2);
                engine.kill();
            }
            List<LogEntry> entries = store().entries();
            LogEntry newest = entries.getLast();
            LogEntry before = entries.get(entries.size() - 2);
            List<CheckpointFile> own = new ArrayList<>(filesWithRuns(newest.manifest()));
            own.removeAll(before.manifest().files().toList());
            assertThat(own).as("runs that only the newest checkpoint has").isNotEmpty();
            String name = own.getFirst().name();
            Path file = directory.resolve("state/checkpoints/files").resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 3] ^= 16;
            Files.write(file, bytes);
            assertThat(job.command("checkpoints", "verify", directory.resolve("state").toString())).isEqualTo(1);
            assertThat(job.command("checkpoints", "verify", before.location())).isZero();
            assertRefused(1, script, "state", List.of(), "error[CORRUPT_DATA]", name, "--from " + before.location());
            int port = LedgerJob.freePort();
            List<String> back = List.of("--from", before.location(), "--http", "127.0.0.1:" + port);
            try (EngineProcess engine = job.start(script, back)) {
                LedgerJob.awaitTotals(engine, ledger, port);
                ledger.produce(5_000);
                LedgerJob.awaitTotals(engine, ledger, port);
                assertThat(engine.terminate()).as(engine.log()).isZero();
            }
        }
    }

    @Test
    @Tag("system")
    void aFullDiskUnderTheStateStopsTheJobWhichGoesOnWhenThereIsSpace() throws Exception {
        try (LoopDisk disk = LoopDisk.inMemory("16m", directory);
                Ledger ledger = ledger("full")) {
            Path script = ledger.script(true);
            List<String> onDisk = new ArrayList<>(LedgerJob.ALL_ON_DISK);
            onDisk.addAll(List.of("--checkpoints", directory.resolve("checkpoints").toString()));
            String state = disk.path().resolve("state").toString();
            Path ballast = disk.path().resolve("ballast");
            try (EngineProcess engine = job.start(script, state, List.of(), onDisk)) {
                feed(engine, ledger, () -> ledger.copiedRows() >= 51_000);
                fill(ballast);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> {
                            ledger.produce(100);
                            return !engine.isAlive();
                        });
                assertThat(engine.await(Duration.ZERO)).as(engine.log()).isEqualTo(1);
                assertThat(engine.ownLog()).contains("error[DISK_FULL]", state);
            }
            ledger.checkCopies(false);
            fill(ballast.resolveSibling("more"));
            assertRefused(1, script, state, onDisk, "error[DISK_FULL]", state);
            Files.delete(ballast);
            Files.deleteIfExists(ballast.resolveSibling("more"));
            job.finish(ledger, script, state, onDisk);
        }
    }

    private static void fill(Path ballast) throws IOException {
        byte[] zeros = new byte[4 << 10];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    @Test
    void aTopicThatWasMadeAnewIsNotGoneOnFrom() throws Exception {
        try (Ledger ledger = ledger("anew")) {
            Path script = ledger.script(true);
            live(ledger, script, 51_000);
            long copied = ledger.copiedRows();
            long newest = store().newest().checkpoint();
            ledger.makeTopicAnew();
            assertRefused(
                    1,
                    script,
                    "state",
                    LedgerJob.ALL_ON_DISK,
                    "error[CONTRACT_BROKEN]",
                    "deleted and made anew",
                    "help");
            assertThat(store().newest().checkpoint()).isEqualTo(newest);
            assertThat(ledger.copiedRows()).isGreaterThanOrEqualTo(copied);
            ledger.checkCopies(false);
        }
    }

    @Test
    void recordsThatRetentionTookBeforeTheyWereReadAreMissedByName() throws Exception {
        try (Ledger ledger = ledger("retained")) {
            Path script = ledger.script(true);
            live(ledger, script, 51_000);
            long newest = store().newest().checkpoint();
            ledger.produce(6_000);
            ledger.forgetAllButTheLast(1_000);
            assertRefused(1, script, "state", LedgerJob.ALL_ON_DISK, "error[OFFSET_OUT_OF_RANGE]", "another --state");
            assertThat(store().newest().checkpoint()).isEqualTo(newest);
            ledger.checkCopies(false);
            // Nor does a new beginning write again, unasked, what came before.
            assertRefused(2, script, "other", LedgerJob.ALL_ON_DISK, "error[ALREADY_EXISTS]", "to begin anew");
            ledger.checkCopies(false);
        }
    }

    @Test
    void whatATopicHasNoMoreIsNotRebuiltUnasked() throws Exception {
        try (Ledger ledger = ledger("rebuilt")) {
            Path script = ledger.servingScript();
            int port = LedgerJob.freePort();
            List<String> http = List.of("--http", "127.0.0.1:" + port);
            try (EngineProcess engine = job.start(script, http)) {
                LedgerJob.awaitTotals(engine, ledger, port);
                assertThat(engine.terminate()).as(engine.log()).isZero();
            }
            long newest = store().newest().checkpoint();
            ledger.forgetAllButTheLast(1_000);
            String edited = Files.readString(script).replace("FROM t GROUP BY k;", "FROM t WHERE k > 2 GROUP BY k;");
            Path other = Files.createDirectories(directory.resolve("edited")).resolve("serving.sql");
            Files.writeString(other, edited);
            String lost = "topic rebuilt has lost records: partition 0 begins at offset ";
            assertRefused(
                    2,
                    other,
                    "state",
                    List.of(),
                    "error[INVALID_OPTION]",
                    "rebuilt  ",
                    "cannot be rebuilt in full: " + lost,
                    "partition 2 begins at offset ",
                    "--allow-dropped-state",
                    "hybrid");
            assertThat(store().newest().checkpoint()).isEqualTo(newest);

            try (EngineProcess engine = job.start(script, http)) {
                ledger.produce(3 * 500);
                LedgerJob.awaitTotals(engine, ledger, port);
                assertThat(engine.terminate()).as(engine.log()).isZero();
            }
            List<String> asked = List.of("--allow-dropped-state", "--http", "127.0.0.1:" + port);
            try (EngineProcess engine = job.start(other, asked)) {
                engine.awaitLine("what is rebuilt will not be what it was: " + lost);
                long expected =
                        LongStream.range(ledger.rows() - 3 * 1_500, ledger.rows())
                                .filter(row -> row % Ledger.KEYS > 2)
                                .count();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .ignoreExceptions()
                        .untilAsserted(() -> assertThat(served(port)).isEqualTo(expected));
            }
        }
    }

    private static long served(int port) throws Exception {
        Matcher counts = Pattern.compile("\"n\":(\\d+)").matcher(LedgerJob.get(port, "/v1/views/totals?limit=100"));
        long sum = 0;
        while (counts.find()) {
            sum += Long.parseLong(counts.group(1));
        }
        return sum;
    }
}
