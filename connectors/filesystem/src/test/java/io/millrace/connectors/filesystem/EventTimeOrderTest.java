package io.millrace.connectors.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TestTables;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeOrderTest {
    private static final long ORIGIN_SECOND = 1_700_000_000L;
    private static final Schema SCHEMA = Schema.of("t", DataType.timestamp(3), "id", DataType.BIGINT);

    @TempDir Path dir;

    private static LocalDateTime at(long second) {
        return LocalDateTime.ofEpochSecond(ORIGIN_SECOND + second, 0, ZoneOffset.UTC);
    }

    private static long micros(LocalDateTime time) {
        return time.toEpochSecond(ZoneOffset.UTC) * 1_000_000L;
    }

    private Source source(String... options) {
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "path";
        all[options.length + 1] = dir.toString();
        TableDescriptor table = TestTables.table("t", SCHEMA, all);
        return new FilesystemConnectorFactory()
                .createSource(
                        new TableDescriptor("t", table.columns(), table.options(), List.of(), List.of(), "t"),
                        TestTables.context());
    }

    /** Nearly sorted rows: the generator's disorder is at most a minute. */
    private void writeNearlySorted(int files, int rowsPerFile, int rowGroupRows) {
        SplittableRandom random = new SplittableRandom(1);
        for (int file = 0; file < files; file++) {
            List<List<Object>> rows = new ArrayList<>();
            for (int i = 0; i < rowsPerFile; i++) {
                rows.add(List.of(at(i * 10L + random.nextInt(60)), (long) i));
            }
            ParquetFiles.write(dir.resolve("f" + file + ".parquet"), SCHEMA, rowGroupRows, rows);
        }
    }

    @Test
    void theBoundRisesWhileARowGroupIsReadAndOverlappingFilesAdvanceTogether() {
        writeNearlySorted(4, 20_000, 20_000);
        Source source = source();
        EventTime time = EventTime.ofColumn(0, 0);
        for (int readers : new int[] {1, 2}) {
            try (SourceDriver driver =
                    new SourceDriver(
                            source, Shape.of(source).withEventTime(time).withBatchRows(500).withReaders(readers))) {
                long widest = 0;
                while (!driver.isFinished()) {
                    driver.step();
                    long bound = Long.MAX_VALUE;
                    long latest = Long.MIN_VALUE;
                    for (int i = 0; i < readers; i++) {
                        for (int split : driver.output(i).splits()) {
                            if (!driver.output(i).closedSplits().contains(split)) {
                                bound = Math.min(bound, driver.output(i).boundOf(split));
                            }
                        }
                        List<List<Object>> rows = driver.output(i).rows();
                        if (!rows.isEmpty()) {
                            latest = Math.max(latest, micros((LocalDateTime) rows.getLast().getFirst()));
                        }
                    }
                    widest =
                            bound == Long.MAX_VALUE || latest == Long.MIN_VALUE
                                    ? widest
                                    : Math.max(widest, latest - bound);
                }
                assertThat(driver.rows()).hasSize(80_000);
                // A scan step of 4096 rows is 41,000 s of these files; each row group as a whole is 200,000 s.
                assertThat(widest).as("readers=%d", readers).isLessThan(100_000L * 1_000_000);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 60, 100, 130, 150})
    void aSortedTableGoesOnFromASnapshot(int polls) {
        SplittableRandom random = new SplittableRandom(3);
        List<List<Object>> expected = new ArrayList<>();
        for (int file = 0; file < 140; file++) {
            List<List<Object>> rows = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                rows.add(Arrays.asList(at(random.nextInt(1_000_000)), (long) file * 1000 + i));
            }
            expected.addAll(rows);
            ParquetFiles.write(dir.resolve("f" + file + ".parquet"), SCHEMA, 300, rows);
        }
        Source source = source();
        Shape shape = Shape.of(source).withEventTime(EventTime.ofColumn(0, 0)).withBatchRows(500);
        List<List<Object>> rows = new ArrayList<>();
        List<byte[]> restored = List.of();
        for (int readers : new int[] {2, 1}) {
            try (SourceDriver driver = new SourceDriver(source, shape.withReaders(readers).withRestored(restored))) {
                SourceDriver.Cut cut = driver.cutAfter(polls);
                rows.addAll(cut.rows());
                restored = cut.snapshots();
            }
        }
        try (SourceDriver driver = new SourceDriver(source, shape.withRestored(restored))) {
            rows.addAll(driver.toEnd().rows());
        }
        assertThat(counts(rows)).isEqualTo(counts(expected));
    }

    @Test
    void onlyThePinnedFilesAreReadAfterARestoreAndOnlyIfTheyAreTheSame() throws IOException {
        writeNearlySorted(2, 2_000, 500);
        List<byte[]> restored;
        List<List<Object>> rows = new ArrayList<>();
        Source source = source();
        Shape shape = Shape.of(source).withBatchRows(100);
        try (SourceDriver driver = new SourceDriver(source, shape)) {
            SourceDriver.Cut cut = driver.cutAfter(7);
            rows.addAll(cut.rows());
            restored = cut.snapshots();
        }
        assertThat(rows).isNotEmpty();
        ParquetFiles.write(dir.resolve("a-new-one.parquet"), SCHEMA, 500, List.of(List.of(at(1), 1L)));
        Source later = source();
        try (SourceDriver driver = new SourceDriver(later, shape.withRestored(restored))) {
            rows.addAll(driver.toEnd().rows());
            assertThat(driver.run().progress().rowsRead()).isEqualTo(4_000);
        }
        assertThat(rows).hasSize(4_000);
        ParquetFiles.write(dir.resolve("f1.parquet"), SCHEMA, 500, List.of(List.of(at(1), 1L)));
        Source changed = source();
        assertThatThrownBy(() -> new SourceDriver(changed, shape.withRestored(restored)).close())
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED))
                .hasMessageContaining("f1.parquet");
        Files.delete(dir.resolve("f1.parquet"));
        Source gone = source();
        assertThatThrownBy(() -> new SourceDriver(gone, shape.withRestored(restored)).close())
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED))
                .hasMessageContaining("f1.parquet");
    }

    /** Two hundred files over the same time are more than one reader holds open: they are sorted first, on disk. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void moreOverlapThanCanBeHeldOpenIsSortedFirst(int readers) throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        List<List<Object>> expected = new ArrayList<>();
        for (int file = 0; file < 200; file++) {
            List<List<Object>> rows = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                LocalDateTime time = random.nextInt(50) == 0 ? null : at(random.nextInt(1_000_000));
                rows.add(Arrays.asList(time, (long) file * 1000 + i));
            }
            expected.addAll(rows);
            ParquetFiles.write(dir.resolve("f" + file + ".parquet"), SCHEMA, 300, rows);
        }
        Source source = source();
        assertThat(source.describe()).endsWith("greatestOverlap=200 openRows<=60000");
        List<String> spilledBefore = spilled();
        try (SourceDriver driver =
                new SourceDriver(
                        source,
                        Shape.of(source)
                                .withEventTime(EventTime.ofColumn(0, 0))
                                .withBatchRows(500)
                                .withReaders(readers))) {
            long widest = 0;
            boolean spilledMeanwhile = false;
            while (!driver.isFinished()) {
                driver.step();
                spilledMeanwhile |= spilled().size() > spilledBefore.size();
                for (int i = 0; i < readers; i++) {
                    List<List<Object>> rows = driver.output(i).rows();
                    if (!rows.isEmpty()
                            && rows.getLast().getFirst() != null
                            && driver.output(i).closedSplits().isEmpty()) {
                        long bound = driver.output(i).boundOf(driver.output(i).splits().iterator().next());
                        widest = Math.max(widest, micros((LocalDateTime) rows.getLast().getFirst()) - bound);
                    }
                }
            }
            assertThat(counts(driver.rows())).isEqualTo(counts(expected));
            assertThat(spilledMeanwhile).isTrue();
            // Unsorted, each file is a million seconds; a row group of a run is about a third of that.
            assertThat(widest).isLessThan(700_000L * 1_000_000);
        }
        assertThat(spilled()).isEqualTo(spilledBefore);
    }

    @Test
    void aSortThatIsStoppedLeavesNothing() throws IOException {
        for (int file = 0; file < 80; file++) {
            ParquetFiles.write(
                    dir.resolve("f" + file + ".parquet"),
                    SCHEMA,
                    10,
                    List.of(List.of(at(0), (long) file), List.of(at(1000), (long) file)));
        }
        List<String> spilledBefore = spilled();
        Source source = source();
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source).withEventTime(EventTime.ofColumn(0, 0)))) {
            for (int i = 0; i < 5; i++) {
                driver.step();
            }
            assertThat(driver.rows()).isEmpty();
            assertThat(spilled()).hasSize(spilledBefore.size() + 1);
        }
        assertThat(spilled()).isEqualTo(spilledBefore);
    }

    /** Spill directories of this process. */
    private static List<String> spilled() throws IOException {
        String prefix = "millrace-spill-" + ProcessHandle.current().pid() + "-";
        try (var entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return entries.map(e -> e.getFileName().toString()).filter(n -> n.startsWith(prefix)).sorted().toList();
        }
    }

    @Test
    void saysHowManyRowGroupsOverlap() {
        for (int file = 0; file < 3; file++) {
            List<List<Object>> rows = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                rows.add(List.of(at(i * 10L), (long) i));
            }
            ParquetFiles.write(dir.resolve("f" + file + ".parquet"), SCHEMA, 500, rows);
        }
        assertThat(source().describe())
                .isEqualTo(
                        "parquet files=3 rowGroups=6 rows=3000 bytes=" + bytes() + " greatestOverlap=3 openRows<=1500");
    }

    private long bytes() {
        try (var files = Files.list(dir)) {
            return files.mapToLong(f -> f.toFile().length()).sum();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void lyingStatisticsFailTheJobAndNameTheRow() throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            rows.add(List.of(at(i), (long) i));
        }
        Path file = dir.resolve("f.parquet");
        ParquetFiles.write(file, SCHEMA, 600, rows);
        // The second row group's least time, wherever the footer and the page headers have it, made 100 s later.
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long truth = (ORIGIN_SECOND + 600) * 1000;
        for (int i = bytes.length / 2; i + 8 <= bytes.length; i++) {
            if (buffer.getLong(i) == truth) {
                buffer.putLong(i, truth + 100_000);
            }
        }
        Files.write(file, bytes);
        Source source = source();
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source).withEventTime(EventTime.ofColumn(0, 0)))) {
            assertThatThrownBy(driver::toEnd)
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.CONTRACT_BROKEN);
                                assertThat(e).hasMessageContaining("f.parquet rowGroup=1 column=t row=0");
                            });
        }
    }

    @Test
    void filesWithoutStatisticsAreScannedFirst() {
        String times = "to_timestamp(" + ORIGIN_SECOND + " + ((i * 7919) % 3000))::TIMESTAMP";
        DuckFiles.run(
                "COPY (SELECT "
                        + times
                        + " AS t, i AS id FROM range(0, 3000) r(i)) TO '"
                        + dir
                        + "/a.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
        StatisticsRemover.remove(dir.resolve("a.parquet"), "t");
        Source source = source();
        try (SourceDriver driver =
                new SourceDriver(source, Shape.of(source).withEventTime(EventTime.ofColumn(0, 0)).withReaders(2))) {
            assertThat(driver.toEnd().rows()).hasSize(3000);
            assertThat(driver.output(0).boundOf(0)).isGreaterThanOrEqualTo(ORIGIN_SECOND * 1_000_000L);
        }
        assertThat(source.describe()).endsWith("greatestOverlap=unknown");
    }

    @Test
    void rowsWithoutATimeHoldNothingBack() {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            rows.add(Arrays.asList(i % 3 == 0 || i < 500 ? null : at(i), (long) i));
        }
        ParquetFiles.write(dir.resolve("f.parquet"), SCHEMA, 500, rows);
        Source source = source();
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source).withEventTime(EventTime.ofColumn(0, 0)))) {
            assertThat(driver.toEnd().rows()).hasSize(2000);
            assertThat(driver.output(0).boundOf(0)).isGreaterThan(micros(at(500)));
        }
    }

    /** How often each row is there: comparing lists in any order takes time by the square of their length. */
    private static Map<List<Object>, Long> counts(List<List<Object>> rows) {
        return rows.stream().collect(Collectors.groupingBy(row -> row, Collectors.counting()));
    }

    /** Event time that is computed, with and without bounds that can be told from the column's. */
    private static EventTime computed(boolean bounded) {
        return new EventTime() {
            @Override
            public long delayMicros() {
                return 0;
            }

            @Override
            public Column evaluate(Batch batch, Allocator allocator) {
                return batch.column(1).retain();
            }

            @Override
            public Bounds bounds(IntFunction<Bounds> columnBounds) {
                Bounds id = columnBounds.apply(1);
                return bounded ? id : null;
            }

            @Override
            public int column() {
                return -1;
            }
        };
    }

    @Test
    void readsInTheOrderOfAComputedTime() {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            rows.add(List.of(at(0), 3000L - i));
        }
        ParquetFiles.write(dir.resolve("f.parquet"), SCHEMA, 1000, rows);
        for (boolean bounded : new boolean[] {true, false}) {
            Source source = source();
            try (SourceDriver driver =
                    new SourceDriver(source, Shape.of(source).withEventTime(computed(bounded)).withBatchRows(1000))) {
                List<Object> firsts = new ArrayList<>();
                List<List<Object>> found = driver.toEnd().rows();
                for (int i = 0; i < 3000; i += 1000) {
                    firsts.add(found.get(i).get(1));
                }
                assertThat(firsts).as("bounded=%s", bounded).isEqualTo(List.of(1000L, 2000L, 3000L));
                assertThat(driver.output(0).boundOf(0)).isEqualTo(2001);
            }
        }
    }

    @Test
    void keepsTheOrderOfTheFilesWhenNoTimeIsAskedFor() {
        writeNearlySorted(2, 100, 50);
        Source source = source();
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            List<Object> ids = driver.toEnd().rows().stream().map(r -> r.get(1)).toList();
            assertThat(ids.subList(0, 100)).isSorted();
            assertThat(ids.subList(100, 200)).isSorted();
        }
    }
}
