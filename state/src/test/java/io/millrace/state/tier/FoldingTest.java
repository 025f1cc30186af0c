package io.millrace.state.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryBudget;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * However many tables are given away, and however little time is left for folding, runs and what folding writes are
 * bounded.
 */
final class FoldingTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 23);
    private static final int TABLES = 300;
    private static final int KEYS = 20_000;
    private static final int KEYS_A_TABLE = 400;

    /**
     * For each of some three sizes that runs have at most seven, as many again while those are folded, and the first.
     */
    private static final int MOST_RUNS = 40;

    /** Once for each size, and all when they are thrice as much as the first. */
    private static final double MOST_WRITTEN_AGAIN = 4;

    @TempDir(factory = InSharedMemory.class)
    Path directory;

    private final Queue<Runnable> io = new ArrayDeque<>();

    private void run(int atMost) {
        for (int i = 0; i < atMost && !io.isEmpty(); i++) {
            io.remove().run();
        }
    }

    @Test
    void runsAndWhatFoldingWritesAreBoundedWhenTablesComeWithoutPause() {
        System.out.println("-Dmillrace.test.seed=" + SEED);
        Random random = new Random(SEED);
        try (StateTier tier = new StateTier(directory.resolve("tier"), new MemoryBudget(64L << 20), 0);
                Allocator allocator = Allocator.root(64L << 20);
                TaskTiers task = new TaskTiers(tier, allocator, io::add)) {
            TableTier table = task.table("t", () -> new CountingTable(allocator), true);
            Map<String, Long> expected = new HashMap<>();
            for (int i = 0; i < TABLES; i++) {
                CountingTable rows = new CountingTable(allocator);
                for (int k = 0; k < KEYS_A_TABLE; k++) {
                    // The first table is the largest, as one is that was loaded.
                    String key = "key " + (i < 20 ? i * KEYS_A_TABLE + k : random.nextInt(KEYS));
                    rows.add(key, 1);
                    expected.merge(key, 1L, Long::sum);
                }
                table.take(rows, false);
                // What is given away comes first, and there is time for nothing else.
                if (i % 50 == 49) {
                    run(1);
                    task.check();
                }
            }
            run(Integer.MAX_VALUE);
            TierStatistics statistics = tier.statistics();
            assertThat(statistics.folds()).isGreaterThan(10);
            assertThat(statistics.mostRuns()).isLessThanOrEqualTo(MOST_RUNS);
            assertThat((double) statistics.foldedBytes() / statistics.writtenBytes())
                    .isLessThanOrEqualTo(MOST_WRITTEN_AGAIN);
            Map<String, Long> found = new HashMap<>();
            try (TierScan scan = table.scan()) {
                while (!scan.isDone()) {
                    run(1);
                    CountingTable piece = (CountingTable) scan.poll();
                    if (piece != null) {
                        piece.counts().forEach((key, count) -> assertThat(found.put(key, count)).as(key).isNull());
                        scan.giveBack(piece);
                    }
                }
            }
            assertThat(found).isEqualTo(expected);
            run(Integer.MAX_VALUE);
        }
    }

    @Test
    void aRunIsAsLargeAsItsRowsHoweverOftenTheyWereFolded() {
        try (StateTier tier = new StateTier(directory.resolve("tier"), new MemoryBudget(64L << 20), 0);
                Allocator allocator = Allocator.root(64L << 20);
                TaskTiers task = new TaskTiers(tier, allocator, io::add)) {
            TableTier table = task.table("t", () -> new CountingTable(allocator), true);
            for (int i = 0; i < 200; i++) {
                CountingTable rows = new CountingTable(allocator);
                for (int k = 0; k < 3_000; k++) {
                    rows.add("key " + k, 1);
                }
                table.take(rows, false);
                run(Integer.MAX_VALUE);
                task.check();
            }
            assertThat(tier.statistics().folds()).isGreaterThan(20);
            assertThat(table.runs())
                    .allSatisfy(run -> {
                        assertThat(run.rows()).isEqualTo(3_000);
                        assertThat(run.bits()).isLessThanOrEqualTo(BucketLayout.bitsFor(6_000));
                    });
        }
    }

    @Test
    void aTableOfAFewRowsIsMergedWithALargeOneAPieceAtATime() {
        try (StateTier tier = new StateTier(directory.resolve("tier"), new MemoryBudget(64L << 20), 0);
                Allocator allocator = Allocator.root(128L << 20);
                TaskTiers task = new TaskTiers(tier, allocator, io::add)) {
            List<TableTier> tables = new ArrayList<>();
            for (int keys : new int[] {20, 100_000}) {
                CountingTable rows = new CountingTable(allocator);
                for (int k = 0; k < keys; k++) {
                    rows.add("key " + k, 1);
                }
                tables.add(task.table("t" + keys, () -> new CountingTable(allocator), false));
                tables.getLast().take(rows, false);
            }
            run(Integer.MAX_VALUE);
            long most = 0;
            try (TierScan scan = TableTier.scan(tables)) {
                while (!scan.isDone()) {
                    run(1);
                    CountingTable piece = (CountingTable) scan.poll();
                    if (piece != null) {
                        most = Math.max(most, piece.table().size());
                        scan.giveBack(piece);
                    }
                }
            }
            run(Integer.MAX_VALUE);
            assertThat(most).isLessThan(10_000);
        }
    }

    @Test
    void aRunHasFewerBucketsWhereThereIsNoRoomForWhatRocksDbKeepsOfEach() {
        MemoryBudget budget = new MemoryBudget(8 << 20);
        try (StateTier tier = new StateTier(directory.resolve("tier"), budget, 0)) {
            TierRun run = new TierRun(1, 1L << 30, false, directory.resolve("none")).withBits(25);
            long bytes = tier.reserveIndex(run);
            assertThat(run.bits()).isBetween(BucketLayout.MIN_BITS, 15);
            assertThat(budget.usedBytes()).isEqualTo(bytes).isPositive();
            tier.releaseIndex(bytes);
            assertThat(budget.usedBytes()).isZero();
        }
    }

    @Test
    void aScanGoesOnOverRunsThatWereFoldedMeanwhile() {
        try (StateTier tier = new StateTier(directory.resolve("tier"), new MemoryBudget(64L << 20), 0);
                Allocator allocator = Allocator.root(64L << 20);
                TaskTiers task = new TaskTiers(tier, allocator, io::add)) {
            TableTier table = task.table("t", () -> new CountingTable(allocator), true);
            for (int i = 0; i < 3; i++) {
                CountingTable rows = new CountingTable(allocator);
                for (int k = 0; k < KEYS; k++) {
                    rows.add("key " + k, 1);
                }
                table.take(rows, false);
                // Written, and no more.
                run(i < 2 ? 1 : 0);
            }
            long counted = 0;
            try (TierScan scan = table.scan()) {
                run(1);
                while (!scan.isDone()) {
                    CountingTable piece = (CountingTable) scan.poll();
                    // All there is to do is done, also the fold.
                    run(Integer.MAX_VALUE);
                    if (piece != null) {
                        counted += piece.counts().values().stream().mapToLong(Long::longValue).sum();
                        scan.giveBack(piece);
                    }
                }
            }
            run(Integer.MAX_VALUE);
            task.check();
            assertThat(tier.statistics().folds()).isPositive();
            assertThat(counted).isEqualTo(3L * KEYS);
        }
    }
}
