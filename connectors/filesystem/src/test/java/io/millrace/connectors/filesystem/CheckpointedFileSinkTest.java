package io.millrace.connectors.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.DaemonIo;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkCheckpoints;
import io.millrace.connectors.api.SinkContract;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TestCheckpointFiles;
import io.millrace.connectors.api.TestContext;
import io.millrace.connectors.api.TestTables;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.memory.time.SimulatedClock;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a job that takes checkpoints: seen when committed, once, whoever died meanwhile. */
class CheckpointedFileSinkTest {
    private static final Schema SCHEMA =
            Schema.of("id", DataType.BIGINT, "day", DataType.DATE, "name", DataType.VARCHAR);

    @TempDir Path dir;

    private final TestCheckpointFiles files = new TestCheckpointFiles();

    private Sink sink(Path target, List<String> partitionedBy, String... options) {
        String[] all = Arrays.copyOf(options, options.length + 4);
        all[options.length] = "path";
        all[options.length + 1] = target.toString();
        all[options.length + 2] = "format";
        all[options.length + 3] = "json";
        TableDescriptor table = TestTables.table("t", SCHEMA, all);
        return new FilesystemConnectorFactory()
                .createSink(
                        new TableDescriptor("t", table.columns(), table.options(), List.of(), partitionedBy, null),
                        TestTables.context());
    }

    private static List<Object> row(int i, String name) {
        return Arrays.asList((long) i, LocalDate.of(2026, 1, 1 + i % 3), name);
    }

    private static List<List<Object>> read(Path target) {
        Source source =
                new FilesystemConnectorFactory()
                        .createSource(
                                TestTables.table("t", SCHEMA, "path", target.toString(), "format", "json"),
                                TestTables.context());
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            return driver.toEnd().rows();
        }
    }

    private static List<Long> ids(Path target) {
        return read(target).stream().map(row -> (Long) row.getFirst()).sorted().toList();
    }

    /** All names below the directory, hidden ones too. */
    private static List<String> list(Path target) throws IOException {
        try (Stream<Path> found = Files.walk(target)) {
            return found.filter(Files::isRegularFile).map(f -> target.relativize(f).toString()).sorted().toList();
        }
    }

    /** One execution with one writer. */
    private final class Execution implements AutoCloseable {
        final Allocator root = Allocator.root(64 << 20);
        final DaemonIo io = new DaemonIo();
        final SinkRun run;
        final SinkWriter writer;

        Execution(Sink sink, long incarnation, Clock clock, long checkpoint, List<Prepared> prepared) {
            run = sink.start(files.request(SCHEMA, incarnation));
            run.recover(checkpoint, prepared);
            writer = run.open(0, new TestContext(root, clock, io, 64));
        }

        void write(int from, int to, String name) {
            try (BatchBuilder builder = new BatchBuilder(root, SCHEMA, 16)) {
                for (int i = from; i < to; i++) {
                    builder.append(row(i, name).toArray());
                }
                writer.write(builder.build());
            }
            while (writer.isFull()) {
                LockSupport.parkNanos(100_000);
            }
        }

        List<Prepared> prepare(long checkpoint) {
            IoTask<Prepared> task = writer.prepare(checkpoint);
            while (!task.isDone()) {
                LockSupport.parkNanos(100_000);
            }
            return List.of(task.result());
        }

        @Override
        public void close() {
            writer.close();
            run.close();
            io.close();
            root.close();
        }
    }

    private Execution execution(Sink sink, long incarnation, long checkpoint, List<Prepared> prepared) {
        return new Execution(sink, incarnation, Clock.system(), checkpoint, prepared);
    }

    @Nested
    class Contract extends SinkContract {
        private Path target;
        private int targets;

        @Override
        protected Schema schema() {
            return SCHEMA;
        }

        @Override
        protected List<Object> row(int i) {
            return CheckpointedFileSinkTest.row(i, "name " + i);
        }

        @Override
        protected Sink sink() {
            target = dir.resolve("contract-" + targets++);
            return CheckpointedFileSinkTest.this.sink(target, List.of(), "sink.rolling-policy.file-size", "1 kb");
        }

        @Override
        protected SinkCheckpoints checkpoints() {
            return files.checkpoints("job", targets);
        }

        @Override
        protected List<List<Object>> written() {
            try {
                boolean any = list(target).stream().anyMatch(name -> !name.startsWith("."));
                return any ? read(target) : List.of();
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        }
    }

    @Test
    void whatWasPreparedIsPublishedByWhoeverRecoversAndTheRestIsDeleted() throws IOException {
        Sink sink = sink(dir, List.of());
        List<Prepared> one;
        try (Execution killed = execution(sink, 1, 0, List.of())) {
            killed.write(0, 10, "a");
            one = killed.prepare(1);
            killed.write(10, 20, "b");
            killed.prepare(2);
            killed.write(20, 30, "c");
            killed.prepare(3);
            killed.run.abort();
        }
        assertThat(list(dir)).filteredOn(name -> name.endsWith(".inprogress")).hasSize(3);
        // It died between giving a file its name and taking the hidden one away.
        String hidden = SealedFiles.of(one.getFirst()).files().getFirst().hiddenName();
        FileNames names = FileNames.of(files.checkpoints("job", 1), "out", "json");
        Files.createLink(dir.resolve(names.published(hidden, 1)), dir.resolve(hidden));
        try (Execution next = execution(sink, 2, 1, one)) {
            assertThat(ids(dir)).hasSize(10);
            assertThat(list(dir)).noneMatch(name -> name.endsWith(".inprogress"));
            next.run.commit(1, one);
            next.write(10, 15, "d");
            next.run.commit(2, next.prepare(2));
        }
        assertThat(ids(dir)).hasSize(15);
        assertThat(list(dir)).filteredOn(name -> !name.startsWith(".")).hasSize(2);
        assertThat(list(dir)).filteredOn(name -> name.startsWith(".")).hasSize(1);
    }

    @Test
    void anOldExecutionThatWakesUpIsFenced() {
        Sink sink = sink(dir, List.of());
        try (Execution old = execution(sink, 1, 0, List.of())) {
            old.write(0, 10, "a");
            List<Prepared> one = old.prepare(1);
            try (Execution young = execution(sink, 2, 1, one)) {
                old.write(10, 20, "b");
                List<Prepared> two = old.prepare(2);
                assertThatThrownBy(() -> old.run.commit(2, two))
                        .isInstanceOfSatisfying(
                                MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
                assertThatThrownBy(() -> old.run.recover(1, one))
                        .isInstanceOfSatisfying(
                                MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
                young.write(10, 12, "c");
                young.run.commit(2, young.prepare(2));
            }
        }
        assertThat(ids(dir)).hasSize(12);
    }

    @Test
    void outputOfAnotherStateIsThereAlreadyAndNobodyIsFenced() throws IOException {
        Sink sink = sink(dir, List.of());
        try (Execution old = execution(sink, 3, 0, List.of())) {
            old.write(0, 10, "a");
            SinkCheckpoints fresh = new SinkCheckpoints("job", 1, 1_000_000_000L, files, null, () -> false);
            SinkRequest request = new SinkRequest("job", SCHEMA, ChangelogKind.APPEND, 1, false, "out", fresh);
            try (SinkRun run = sink.start(request)) {
                assertThatThrownBy(() -> run.recover(0, List.of()))
                        .isInstanceOfSatisfying(
                                MillraceException.class,
                                e -> {
                                    assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS);
                                    assertThat(e.help()).contains("--state", "'path'");
                                });
            }
            assertThat(list(dir)).filteredOn(name -> name.endsWith(".owner")).hasSize(1);
            old.run.commit(4, old.prepare(4));
        }
        assertThat(ids(dir)).hasSize(10);
    }

    @Test
    void refusesToGoBackBehindWhatIsVisible() {
        Sink sink = sink(dir, List.of());
        List<Prepared> seven;
        try (Execution run = execution(sink, 1, 0, List.of())) {
            run.write(0, 10, "a");
            seven = run.prepare(7);
            run.run.commit(7, seven);
        }
        assertThatThrownBy(() -> execution(sink, 2, 6, List.of()))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS))
                .hasMessageContaining("checkpoint=7");
        execution(sink, 3, 7, seven).close();
        assertThat(ids(dir)).hasSize(10);
    }

    @Test
    void partitionsAreDirectoriesAsHiveHasThemAndNotInTheFiles() throws IOException {
        Sink sink = sink(dir, List.of("day", "name"), "sink.partition-commit.policy.kind", "success-file");
        assertThat(sink.describe()).endsWith("by day, name");
        try (Execution run = execution(sink, 1, 0, List.of())) {
            run.write(0, 6, "a/b=50%");
            run.write(6, 7, null);
            run.write(7, 8, "..");
            run.run.commit(1, run.prepare(1));
            assertThat(list(dir)).noneMatch(name -> name.endsWith("_SUCCESS"));
            run.write(8, 9, "é x");
            run.run.commit(2, run.prepare(Long.MAX_VALUE));
        }
        List<String> directories =
                list(dir).stream()
                        .filter(name -> name.contains("/") && !name.endsWith("_SUCCESS"))
                        .map(name -> name.substring(0, name.lastIndexOf('/')))
                        .toList();
        assertThat(directories)
                .containsExactlyInAnyOrder(
                        "day=2026-01-01/name=a%2Fb%3D50%25",
                        "day=2026-01-02/name=a%2Fb%3D50%25",
                        "day=2026-01-03/name=a%2Fb%3D50%25",
                        "day=2026-01-01/name=__HIVE_DEFAULT_PARTITION__",
                        "day=2026-01-02/name=%2E%2E",
                        "day=2026-01-03/name=é x");
        for (String directory : directories) {
            assertThat(dir.resolve(directory).resolve("_SUCCESS")).exists();
            for (String file : list(dir.resolve(directory))) {
                assertThat(Files.readString(dir.resolve(directory).resolve(file)))
                        .doesNotContain("name")
                        .doesNotContain("day");
            }
        }
        assertThat(ids(dir)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(PartitionPath.values("day=2026-01-02/name=a%2Fb%3D50%25"))
                .containsEntry("name", "a/b=50%")
                .containsEntry("day", "2026-01-02");
    }

    @Test
    void aPartitionIsCompleteOnceTheWatermarkHasPassedItsEnd() throws IOException {
        Sink sink =
                sink(
                        dir,
                        List.of("day"),
                        "sink.partition-commit.policy.kind",
                        "success-file",
                        "sink.partition-commit.trigger",
                        "partition-time",
                        "partition.time-extractor.timestamp-pattern",
                        "$day 00:00:00",
                        "sink.partition-commit.delay",
                        "1 d");
        long secondDay = LocalDate.of(2026, 1, 2).toEpochDay() * 86_400_000_000L;
        List<Prepared> two;
        try (Execution run = execution(sink, 1, 0, List.of())) {
            run.write(0, 3, "a");
            run.writer.watermark(secondDay - 1);
            run.run.commit(1, run.prepare(1));
            assertThat(list(dir)).noneMatch(name -> name.endsWith("_SUCCESS"));
            run.writer.watermark(secondDay);
            two = run.prepare(2);
        }
        try (Execution run = execution(sink, 2, 2, two)) {
            assertThat(list(dir))
                    .filteredOn(name -> name.endsWith("_SUCCESS"))
                    .containsExactly("day=2026-01-01/_SUCCESS");
            run.writer.watermark(secondDay + 86_400_000_000L);
            run.run.commit(3, run.prepare(3));
        }
        assertThat(list(dir))
                .filteredOn(name -> name.endsWith("_SUCCESS"))
                .containsExactly("day=2026-01-01/_SUCCESS", "day=2026-01-02/_SUCCESS");
    }

    @Test
    void filesEndBySizeAndByAge() throws IOException {
        SimulatedClock clock = new SimulatedClock(0);
        Sink sink =
                sink(
                        dir,
                        List.of(),
                        "sink.rolling-policy.file-size",
                        "1100 kb",
                        "sink.rolling-policy.rollover-interval",
                        "10 s");
        try (Execution run = new Execution(sink, 1, clock, 0, List.of())) {
            List<Prepared> all = new ArrayList<>();
            run.write(0, 1, "young");
            run.write(1, 2, "young");
            all.addAll(run.prepare(1));
            assertThat(SealedFiles.of(all.getFirst()).files()).hasSize(1);
            run.write(2, 3, "old");
            while (list(dir).stream().filter(name -> name.endsWith("-1.json.inprogress")).findAny().isEmpty()) {
                LockSupport.parkNanos(100_000);
            }
            clock.advanceNanos(11_000_000_000L);
            run.write(3, 4, "new");
            all.addAll(run.prepare(2));
            assertThat(SealedFiles.of(all.get(1)).files()).hasSize(2);
            run.write(4, 5, "x".repeat(600_000));
            run.write(5, 6, "x".repeat(600_000));
            run.write(6, 7, "x".repeat(600_000));
            run.write(7, 8, "x".repeat(600_000));
            all.addAll(run.prepare(3));
            assertThat(SealedFiles.of(all.getLast()).files()).hasSizeGreaterThan(1);
            run.run.commit(3, all);
        }
        assertThat(ids(dir)).hasSize(8);
    }

    @Test
    void refusesWhatCannotNameADirectory() {
        assertThatThrownBy(() -> sink(dir, List.of("id", "day", "name")))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SQL_INVALID));
        Schema schema = Schema.of("id", DataType.BIGINT, "tags", DataType.array(DataType.INT));
        TableDescriptor table = TestTables.table("t", schema, "path", dir.toString(), "format", "json");
        assertThatThrownBy(() ->
                        new FilesystemConnectorFactory()
                                .createSink(
                                        new TableDescriptor(
                                                "t",
                                                table.columns(),
                                                table.options(),
                                                List.of(),
                                                List.of("tags"),
                                                null),
                                        TestTables.context()))
                .hasMessageContaining("tags");
    }
}
