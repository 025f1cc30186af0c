package io.millrace.state.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.state.MemoryStateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows come back in order, each as often as it was given away, however they were merged, kept and restored. */
final class RowTierTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 31);
    private static final Schema SCHEMA = Schema.of("n", DataType.BIGINT.notNull(), "s", DataType.VARCHAR.notNull());
    private static final Comparator<Row> ORDER = Comparator.comparing(Row::n).thenComparing(Row::s);

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private final Allocator allocator = Allocator.root(256L << 20);
    private final Queue<Runnable> io = new ArrayDeque<>();
    private final MemoryStateFiles files = new MemoryStateFiles();
    private final Random random = new Random(SEED);

    @AfterEach
    void nothingLeaked() {
        allocator.close();
    }

    private record Row(long n, String s) {}

    /** With a prefix that leaves much to be compared. */
    private static final RowOrder ROWS =
            new RowOrder() {
                @Override
                public int compare(Batch batchA, int rowA, Batch batchB, int rowB) {
                    return RowTierTest.compare(batchA, rowA, batchB, rowB);
                }

                @Override
                public long prefix(Batch batch, int row) {
                    return batch.column(0).getLong(row) / 10;
                }
            };

    private static int compare(Batch a, int rowA, Batch b, int rowB) {
        int order = Long.compare(a.column(0).getLong(rowA), b.column(0).getLong(rowB));
        Column x = a.column(1);
        Column y = b.column(1);
        return order != 0
                ? order
                : Mem.compareBytes(
                        x.getBytesAddress(rowA),
                        x.getBytesLength(rowA),
                        y.getBytesAddress(rowB),
                        y.getBytesLength(rowB));
    }

    /** Rows with their weights, as a tier takes them. */
    private final class Piece implements SortedRows {
        private final List<Map.Entry<Row, Long>> rows;
        private final boolean weighted;
        private int next;

        Piece(TreeMap<Row, Long> rows, boolean weighted) {
            this.rows =
                    rows.entrySet().stream()
                            .flatMap(row ->
                                    weighted
                                            ? Stream.of(row)
                                            : Stream.of(row)
                                                    .mapMulti((one, to) -> {
                                                        for (long i = 0; i < one.getValue(); i++) {
                                                            to.accept(one);
                                                        }
                                                    }))
                            .toList();
            this.weighted = weighted;
        }

        @Override
        public long rowCount() {
            return rows.size();
        }

        @Override
        public long heldBytes() {
            return 100L * rows.size();
        }

        @Override
        public Batch next(int maxRows, BooleanSupplier isEnded) {
            if (next == rows.size()) {
                return null;
            }
            try (BatchBuilder builder = new BatchBuilder(allocator, SCHEMA, maxRows, weighted)) {
                for (int end = Math.min(rows.size(), next + maxRows); next < end; next++) {
                    Row row = rows.get(next).getKey();
                    builder.appendWeighted(weighted ? rows.get(next).getValue() : 1, row.n, row.s);
                }
                return builder.build();
            }
        }

        @Override
        public void close() {}
    }

    private void runIo(int atMost) {
        for (int i = 0; i < atMost && !io.isEmpty(); i++) {
            io.remove().run();
        }
    }

    private TreeMap<Row, Long> randomRows(int count, boolean weighted) {
        TreeMap<Row, Long> rows = new TreeMap<>(ORDER);
        for (int i = 0; i < count; i++) {
            int n = random.nextInt(300);
            Row row = new Row(n, "x".repeat(n % 40) + random.nextInt(3));
            rows.merge(row, weighted ? random.nextInt(7) - 3L : 1L, Long::sum);
        }
        rows.values().removeIf(weight -> weight == 0);
        return rows;
    }

    private List<Map.Entry<Row, Long>> readAll(RowTier tier) {
        List<Map.Entry<Row, Long>> found = new ArrayList<>();
        try (RowScan scan = tier.scan(17)) {
            while (!scan.isDone()) {
                Batch next = scan.poll();
                if (next == null) {
                    assertThat(io).isNotEmpty();
                    runIo(1);
                    continue;
                }
                try (next) {
                    for (int i = 0; i < next.rowCount(); i++) {
                        List<Object> row = next.toRows().get(i);
                        found.add(Map.entry(new Row((Long) row.get(0), row.get(1).toString()), next.weight(i)));
                    }
                }
            }
        }
        runIo(Integer.MAX_VALUE);
        return found;
    }

    private static List<Map.Entry<Row, Long>> expected(TreeMap<Row, Long> rows, boolean weighted, long limit) {
        return rows.entrySet().stream()
                .filter(row -> row.getValue() != 0)
                .flatMap(row ->
                        weighted
                                ? Stream.of(Map.entry(row.getKey(), row.getValue()))
                                : Stream.generate(() -> Map.entry(row.getKey(), 1L)).limit(row.getValue()))
                .limit(limit)
                .toList();
    }

    private List<RestoredRun> kept(TaskTiers task, RowTier tier) {
        List<TierRun> runs = tier.retainedRuns();
        var copied = task.copy(runs, files);
        runIo(Integer.MAX_VALUE);
        copied.join();
        return runs.stream()
                .map(run -> new RestoredRun(run.number(), run.bits(), run.rows(), run.isChanged(), false, run.file()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"1, false", "3, false", "40, true", "500, false", "500, true"})
    void rowsComeBackInOrderAlsoWhenTheirTaskEndedAndWasRestored(int pieces, boolean weighted) {
        System.out.println("-Dmillrace.test.seed=" + SEED);
        TreeMap<Row, Long> all = new TreeMap<>(ORDER);
        List<RestoredRun> restored = List.of();
        int given = 0;
        for (int life = 0; life < 3; life++) {
            try (StateTier state = new StateTier(directory.resolve("tier"), new MemoryBudget(64L << 20), 0);
                    TaskTiers task = new TaskTiers(state, allocator, io::add)) {
                RowTier tier = task.rows("t", SCHEMA, weighted, ROWS, Long.MAX_VALUE);
                tier.restore(restored, files);
                for (int end = pieces * (life + 1) / 3; given < end; given++) {
                    TreeMap<Row, Long> rows = randomRows(1 + random.nextInt(60), weighted);
                    rows.forEach((row, weight) -> all.merge(row, weight, Long::sum));
                    tier.take(new Piece(rows, weighted));
                    runIo(random.nextInt(3));
                }
                if (life < 2) {
                    restored = kept(task, tier);
                } else {
                    assertThat(readAll(tier)).isEqualTo(expected(all, weighted, Long.MAX_VALUE));
                    assertThat(state.statistics().folds() > 0).isEqualTo(pieces == 500);
                    assertThat(state.statistics().mostRuns()).isLessThan(3L * RowTier.MERGED_RUNS);
                }
            }
            io.clear();
        }
    }

    @Test
    void ofALimitOnlySoManyAreWritten() {
        try (StateTier state = new StateTier(directory.resolve("tier"), new MemoryBudget(64L << 20), 0);
                TaskTiers task = new TaskTiers(state, allocator, io::add)) {
            RowTier tier = task.rows("t", SCHEMA, false, ROWS, 30);
            TreeMap<Row, Long> all = new TreeMap<>(ORDER);
            for (int i = 0; i < 200; i++) {
                TreeMap<Row, Long> rows = randomRows(200, false);
                rows.forEach((row, weight) -> all.merge(row, weight, Long::sum));
                tier.take(new Piece(rows, false));
            }
            runIo(Integer.MAX_VALUE);
            assertThat(tier.runs()).allSatisfy(run -> assertThat(run.rows()).isEqualTo(30)).hasSizeLessThan(200);
            assertThat(readAll(tier).subList(0, 30)).isEqualTo(expected(all, false, 30));
        }
    }

    @Test
    void rowsBehindManyThatCancelOutAreNotLost() {
        try (StateTier state = new StateTier(directory.resolve("tier"), new MemoryBudget(64L << 20), 0);
                TaskTiers task = new TaskTiers(state, allocator, io::add)) {
            RowTier tier = task.rows("t", SCHEMA, true, ROWS, Long.MAX_VALUE);
            for (int i = 0; i < RowTier.MERGED_RUNS; i++) {
                TreeMap<Row, Long> rows = new TreeMap<>(ORDER);
                for (int k = 0; k < 2_000; k++) {
                    rows.put(new Row(k, "x".repeat(100)), i % 2 == 0 ? 1L : -1L);
                }
                rows.put(new Row(10_000 + i, "last"), 1L);
                tier.take(new Piece(rows, true));
            }
            runIo(Integer.MAX_VALUE);
            assertThat(tier.runs()).hasSize(1);
            assertThat(readAll(tier)).hasSize(RowTier.MERGED_RUNS);
        }
    }

    @Test
    void runsThatACheckpointIsAboutToCopyStayThoughTheyAreMerged() {
        try (StateTier state = new StateTier(directory.resolve("tier"), new MemoryBudget(64L << 20), 0);
                TaskTiers task = new TaskTiers(state, allocator, io::add)) {
            RowTier tier = task.rows("t", SCHEMA, true, ROWS, Long.MAX_VALUE);
            for (int i = 0; i < RowTier.MERGED_RUNS; i++) {
                tier.take(new Piece(randomRows(30, true), true));
            }
            List<TierRun> marked = tier.retainedRuns();
            runIo(Integer.MAX_VALUE);
            assertThat(tier.runs()).hasSize(1);
            var copied = task.copy(marked, files);
            runIo(Integer.MAX_VALUE);
            copied.join();
            assertThat(marked).allSatisfy(run -> assertThat(run.path()).doesNotExist());
        }
    }

    @Test
    void aTaskThatEndsInTheMiddleLeavesNothing() {
        for (int steps = 0; steps < 12; steps++) {
            try (StateTier state = new StateTier(directory.resolve("tier"), new MemoryBudget(64L << 20), 0);
                    TaskTiers task = new TaskTiers(state, allocator, io::add)) {
                RowTier tier = task.rows("t", SCHEMA, true, ROWS, Long.MAX_VALUE);
                for (int i = 0; i < 5; i++) {
                    tier.take(new Piece(randomRows(500, true), true));
                }
                RowScan scan = tier.scan(17);
                runIo(steps);
                Batch one = scan.poll();
                if (one != null) {
                    one.close();
                }
                if (steps % 2 == 0) {
                    scan.close();
                }
            }
            io.clear();
            assertThat(directory.resolve("tier")).doesNotExist();
        }
    }

    @Test
    void aRunThatIsTornOrHasABitFlippedIsNeverRead() throws IOException {
        TreeMap<Row, Long> rows = randomRows(2_000, true);
        int damaged = 0;
        for (int at = 0; ; at += 64) {
            for (boolean torn : new boolean[] {false, true}) {
                try (StateTier state = new StateTier(directory.resolve("tier"), new MemoryBudget(64L << 20), 0);
                        TaskTiers task = new TaskTiers(state, allocator, io::add)) {
                    RowTier tier = task.rows("t", SCHEMA, true, ROWS, Long.MAX_VALUE);
                    tier.take(new Piece(rows, true));
                    runIo(Integer.MAX_VALUE);
                    Path file = tier.runs().getFirst().path();
                    byte[] bytes = Files.readAllBytes(file);
                    if (at >= bytes.length) {
                        assertThat(damaged).isGreaterThan(200);
                        io.clear();
                        return;
                    }
                    if (torn) {
                        Files.write(file, Arrays.copyOf(bytes, at));
                    } else {
                        bytes[at + random.nextInt(Math.min(64, bytes.length - at))] ^= (byte) (1 << random.nextInt(8));
                        Files.write(file, bytes);
                    }
                    MillraceException failure = catchThrowableOfType(MillraceException.class, () -> readAll(tier));
                    assertThat(failure.code()).isEqualTo(ErrorCode.CORRUPT_DATA);
                    assertThat(failure).hasMessageContaining(file.toString());
                    damaged++;
                }
                io.clear();
            }
        }
    }
}
