package io.millrace.it.savepoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.it.ledger.EngineProcess;
import io.millrace.state.checkpoint.FoundCheckpoint;
import io.millrace.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program, asked to stop by a signal. */
class StopTest {
    private static final int ROWS = 30_000;
    private static final String STOPPED = "stopped with savepoint ";
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir private Path directory;

    private List<String> command(String... more) throws IOException {
        Path script = directory.resolve("job.sql");
        Files.writeString(
                script,
                String.format(
                        Locale.ROOT,
                        """
                        SET 'parallelism.default' = '1';
                        SET 'execution.checkpointing.interval' = '200 ms';
                        CREATE TABLE ticks (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '5000',
                          'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '%d');
                        CREATE TABLE out (n BIGINT, twice BIGINT) WITH ('connector' = 'filesystem', 'format' = 'csv',
                          'path' = '%s');
                        INSERT INTO out SELECT n, n + n FROM ticks;
                        """,
                        ROWS - 1,
                        directory.resolve("out")));
        List<String> command = new ArrayList<>(List.of("run", script.toString()));
        command.addAll(List.of(more));
        return command;
    }

    private static void signal(EngineProcess engine, String name) throws Exception {
        String[] command = {"kill", "-" + name, Long.toString(engine.handle().pid())};
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    /** Ended by a second signal, while the savepoint has all its files and no record. */
    private int endedTwice(Path state, String first, String second) throws Exception {
        List<String> flags = List.of("-Dmillrace.hold=savepoint.files.taken:1");
        try (EngineProcess engine =
                EngineProcess.start(directory.resolve(second), flags, command("--state", state.toString()))) {
            awaitMoreThan(rows().size() + 1_000, engine);
            signal(engine, first);
            engine.awaitLine("a second signal ends the process at once");
            engine.awaitLine("holds at savepoint.files.taken");
            signal(engine, second);
            int exitCode = engine.await(LONG);
            assertThat(engine.log()).doesNotContain(STOPPED);
            return exitCode;
        }
    }

    @Test
    void aSecondSignalEndsItAtOnceAndLeavesNoHalfSavepointThatIsTakenForOne() throws Exception {
        Path state = directory.resolve("state");
        Path savepoints = state.resolve("savepoints");
        assertThat(endedTwice(state, "TERM", "INT")).isEqualTo(130);
        Path half = onlyChild(savepoints);
        assertThat(half.resolve("log")).isEmptyDirectory();
        assertThatThrownBy(() -> FoundCheckpoint.at(half.toString())).hasMessageContaining("savepoint");
        FoundCheckpoint newest = FoundCheckpoint.at(state.toString());
        assertThat(newest.verify()).isEmpty();
        assertThat(half).hasFileName(Long.toString(newest.manifest().checkpoint()));

        assertThat(endedTwice(state, "INT", "TERM")).isEqualTo(143);
        assertThat(onlyChild(savepoints)).as("the half savepoint before is removed").isNotEqualTo(half);
        Files.createDirectories(savepoints.resolve("of somebody else"));
        try (EngineProcess engine = start("third", "--state", state.toString())) {
            assertThat(engine.await(LONG)).as(engine.log()).isZero();
            assertThat(engine.log()).contains(", goes on from ");
        }
        assertThat(onlyChild(savepoints)).hasFileName("of somebody else");
        expectEachRowOnce();
    }

    private static Path onlyChild(Path parent) throws IOException {
        try (Stream<Path> children = Files.list(parent)) {
            List<Path> all = children.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    private EngineProcess start(String log, String... more) throws IOException {
        return EngineProcess.start(directory.resolve(log), List.of(), command(more));
    }

    /** Rows that are there for good. */
    private List<Long> rows() throws IOException {
        List<Long> rows = new ArrayList<>();
        Path out = directory.resolve("out");
        if (!Files.isDirectory(out)) {
            return rows;
        }
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".csv")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    if (Character.isDigit(line.charAt(0))) {
                        rows.add(Long.parseLong(line.substring(0, line.indexOf(','))));
                    }
                }
            }
        }
        rows.sort(null);
        return rows;
    }

    private void awaitMoreThan(int count, EngineProcess engine) throws Exception {
        while (rows().size() <= count) {
            assertThat(engine.endsWithin(50)).as(engine.log()).isFalse();
        }
    }

    private static String lastLine(EngineProcess engine) {
        return engine.log().strip().lines().toList().getLast();
    }

    private void expectEachRowOnce() throws IOException {
        assertThat(rows()).isEqualTo(LongStream.range(0, ROWS).boxed().toList());
    }

    @Test
    void endsWithASavepointThatNeedsNothingElse() throws Exception {
        String state = directory.resolve("state").toString();
        String savepoint = "";
        for (String log : List.of("first", "second")) {
            try (EngineProcess engine = start(log, "--state", state)) {
                awaitMoreThan(rows().size() + 1_000, engine);
                assertThat(engine.terminate()).as(engine.log()).isZero();
                assertThat(lastLine(engine)).startsWith(STOPPED + directory.toRealPath().resolve("state/savepoints"));
                assertThat(engine.log()).contains(log.equals("first") ? ", none yet" : ", goes on from ");
                savepoint = lastLine(engine).substring(STOPPED.length());
            }
        }
        assertThat(rows()).hasSizeLessThan(ROWS);
        Path moved = directory.resolve("moved");
        Files.move(Path.of(savepoint), moved);
        Storage.at(state).deleteTree(state);
        assertThat(FoundCheckpoint.at(moved.toString()).verify()).isEmpty();
        try (EngineProcess engine =
                start("third", "--state", directory.resolve("other").toString(), "--from", moved.toString())) {
            assertThat(engine.await(LONG)).as(engine.log()).isZero();
        }
        expectEachRowOnce();
    }

    @Test
    void saysThatItsStateDirectoryLiesInMemory() throws Exception {
        Path shared = Path.of("/dev/shm");
        assumeThat(Files.isDirectory(shared) && Files.getFileStore(shared).type().equals("tmpfs")).isTrue();
        Path inMemory = Files.createTempDirectory(shared, "millrace-stop");
        try (EngineProcess engine = start("first", "--state", inMemory.resolve("state").toString())) {
            engine.awaitLine("state directory " + inMemory.resolve("state") + " lies in memory");
            awaitMoreThan(1_000, engine);
            assertThat(engine.terminate()).as(engine.log()).isZero();
        } finally {
            Storage.at(inMemory.toString()).deleteTree(inMemory.toString());
        }
        Storage.at(directory.toString()).deleteTree(directory.resolve("out").toString());
        try (EngineProcess engine = start("second", "--state", directory.resolve("state").toString())) {
            assertThat(engine.endsWithin(2_000)).as(engine.log()).isFalse();
            assertThat(engine.ownLog()).doesNotContain("lies in memory");
        }
    }

    @Test
    void goesOnFromTheLastCheckpointWhenTheSavepointCouldNotBeWritten() throws Exception {
        Path state = directory.resolve("state");
        Files.createDirectories(state);
        Files.writeString(state.resolve("savepoints"), "in the way");
        try (EngineProcess engine = start("first", "--state", state.toString())) {
            awaitMoreThan(1_000, engine);
            assertThat(engine.terminate()).as(engine.log()).isPositive();
            assertThat(engine.log())
                    .contains("stopped without a savepoint", "savepoints", "goes on from checkpoint ")
                    .doesNotContain(STOPPED, "from its last checkpoint in");
        }
        try (EngineProcess engine = start("second", "--state", state.toString())) {
            assertThat(engine.await(LONG)).as(engine.log()).isZero();
            assertThat(engine.log()).contains(", goes on from ");
        }
        expectEachRowOnce();
    }
}
