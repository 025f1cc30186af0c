package io.millrace.benchmarks.state;

import io.millrace.benchmarks.keyed.ProcessCost;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.aggregate.AggregateCall;
import io.millrace.operators.aggregate.AggregateFunction;
import io.millrace.operators.aggregate.GroupSpec;
import io.millrace.operators.aggregate.GroupTable;
import io.millrace.state.table.CodedTable;
import io.millrace.state.table.KeyedTables;
import io.millrace.state.table.RowList;
import io.millrace.state.tier.StateTier;
import io.millrace.state.tier.TableTier;
import io.millrace.state.tier.TaskTiers;
import io.millrace.state.tier.TierLookup;
import io.millrace.state.tier.TierScan;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Rows of a count by a 16-byte key in the tier, all on one thread, beside the same keys with values of 16 bytes put
 * into a RocksDB and got from it: {@code TierBenchmark [ROWS]}. All that is read is compared.
 */
public final class TierBenchmark {
    private static final int TABLE_ROWS = 1 << 20;
    private static final int BATCH_ROWS = 4096;
    private static final int PUTS_A_BATCH = 1000;
    private static final int GETS = 1_000_000;
    private static final Schema SCHEMA = Schema.of("a", DataType.BIGINT, "b", DataType.BIGINT);
    private static final GroupSpec SPEC =
            new GroupSpec(
                    "groups",
                    SCHEMA,
                    List.of(0, 1),
                    List.of(new AggregateCall(AggregateFunction.COUNT, false, -1, -1, DataType.BIGINT)),
                    false,
                    true,
                    false);

    private final Allocator allocator;
    private final int rows;

    private TierBenchmark(Allocator allocator, int rows) {
        this.allocator = allocator;
        this.rows = rows;
    }

    public static void main(String[] arguments) throws Exception {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000_000;
        Path directory = Files.createTempDirectory("millrace-tier");
        try (Allocator allocator = Allocator.root(1L << 30)) {
            TierBenchmark benchmark = new TierBenchmark(allocator, rows);
            benchmark.tier(directory.resolve("tier"));
            benchmark.points(directory.resolve("points"));
        } finally {
            Trees.delete(directory);
        }
    }

    private static long head(long key) {
        return (key + 1) * 0x9e3779b97f4a7c15L;
    }

    private static void report(String what, long count, ProcessCost begin) {
        ProcessCost cost = ProcessCost.now().since(begin);
        System.out.printf(
                Locale.ROOT,
                "%-44s %6.2f M/s CPU %6.2f M/s wall  %d%n",
                what,
                count * 1e3 / cost.cpuNanos(),
                count * 1e3 / cost.wallNanos(),
                count);
    }

    private GroupTable newTable() {
        return new GroupTable(
                allocator,
                SPEC,
                spec ->
                        KeyedTables.create(
                                allocator, spec.keyColumns(), spec.keyTypes(), spec.valueBytes(), spec.stable()));
    }

    /** Adds a row of each of these keys. */
    private void add(GroupTable to, long from, long end) {
        for (long key = from; key < end; key += BATCH_ROWS) {
            try (BatchBuilder builder = new BatchBuilder(allocator, SCHEMA, BATCH_ROWS)) {
                for (long k = key; k < Math.min(end, key + BATCH_ROWS); k++) {
                    builder.column(0).appendLong(head(k));
                    builder.column(1).appendLong(k);
                }
                try (Batch batch = builder.build()) {
                    to.update(batch, 0, batch.rowCount());
                }
            }
        }
    }

    private void tier(Path directory) throws Exception {
        MemoryBudget budget = new MemoryBudget(1L << 30);
        try (StateTier tier = new StateTier(directory, budget, 0);
                TaskTiers task = new TaskTiers(tier, allocator, Runnable::run)) {
            List<TableTier> runs = new ArrayList<>();
            long cpu = 0;
            long wall = 0;
            for (int from = 0; from < rows; from += TABLE_ROWS) {
                GroupTable table = newTable();
                add(table, from, Math.min(rows, from + TABLE_ROWS));
                TableTier one = task.table("t" + from, this::newTable, true);
                ProcessCost begin = ProcessCost.now();
                one.take(table, false);
                ProcessCost cost = ProcessCost.now().since(begin);
                cpu += cost.cpuNanos();
                wall += cost.wallNanos();
                runs.add(one);
            }
            task.check();
            System.out.printf(
                    Locale.ROOT,
                    "%-44s %6.2f M/s CPU %6.2f M/s wall  %d bytes a row%n",
                    "tier: rows written, sorted, with filter",
                    rows * 1e3 / cpu,
                    rows * 1e3 / wall,
                    tier.statistics().writtenBytes() / rows);

            ProcessCost begin = ProcessCost.now();
            long found = count(TableTier.scan(runs), task);
            expect(rows, found);
            report("tier: rows merged from " + runs.size() + " runs in order", rows, begin);
            runs.forEach(TableTier::drop);

            TableTier all = task.table("all", this::newTable, true);
            ProcessCost folding = ProcessCost.now();
            for (int from = 0; from < rows; from += TABLE_ROWS) {
                GroupTable table = newTable();
                add(table, from, Math.min(rows, from + TABLE_ROWS));
                all.take(table, false);
            }
            report("tier: rows added, written and folded", rows, folding);
            begin = ProcessCost.now();
            expect(rows, count(all.rewrite(), task));
            report("tier: rows read and written again", rows, begin);
            for (int atOnce : new int[] {1_000, 10_000, 100_000, 1_000_000}) {
                lookUp(all, atOnce);
            }
        }
    }

    private static long count(TierScan scan, TaskTiers task) {
        long found = 0;
        try (scan) {
            while (!scan.isDone()) {
                CodedTable piece = scan.poll();
                if (piece != null) {
                    found += piece.table().size();
                    scan.giveBack(piece);
                }
            }
        }
        task.check();
        return found;
    }

    private void lookUp(TableTier in, int atOnce) {
        SplittableRandom random = new SplittableRandom(7);
        long asked = 0;
        long cpu = 0;
        long wall = 0;
        while (asked < GETS) {
            try (GroupTable keys = newTable();
                    RowList list = new RowList(allocator, atOnce)) {
                // One of each that was given away.
                long expected = atOnce;
                while (keys.size() < atOnce) {
                    long key = random.nextInt(rows);
                    add(keys, key, key + 1);
                    expected++;
                }
                keys.table().scan(0, Integer.MAX_VALUE, list);
                ProcessCost begin = ProcessCost.now();
                try (TierLookup lookup = in.lookup(keys, list.address(), list.size())) {
                    lookup.addTo(keys, list.address());
                }
                ProcessCost cost = ProcessCost.now().since(begin);
                cpu += cost.cpuNanos();
                wall += cost.wallNanos();
                asked += atOnce;
                long counted = 0;
                for (int i = 0; i < list.size(); i++) {
                    counted += Mem.getLong(list.get(i));
                }
                expect(expected, counted);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-44s %6.2f M/s CPU %6.2f M/s wall  %d%n",
                "tier: keys looked up, " + atOnce + " at once",
                asked * 1e3 / cpu,
                asked * 1e3 / wall,
                asked);
    }

    private static void expect(long expected, long found) {
        if (found != expected) {
            throw new IllegalStateException("expected " + expected + " rows, found " + found);
        }
    }

    private void points(Path directory) throws Exception {
        RocksDB.loadLibrary();
        BlockBasedTableConfig blocks =
                new BlockBasedTableConfig().setBlockCache(new LRUCache(1L << 30)).setFilterPolicy(new BloomFilter(10));
        ByteBuffer key = ByteBuffer.allocateDirect(16);
        ByteBuffer value = ByteBuffer.allocateDirect(16);
        try (Options options = new Options().setCreateIfMissing(true).setTableFormatConfig(blocks);
                RocksDB database = RocksDB.open(options, directory.toString());
                WriteOptions writing = new WriteOptions().setDisableWAL(true);
                ReadOptions reading = new ReadOptions()) {
            ProcessCost begin = ProcessCost.now();
            for (int from = 0; from < rows; from += PUTS_A_BATCH) {
                try (WriteBatch batch = new WriteBatch()) {
                    for (int k = from; k < Math.min(rows, from + PUTS_A_BATCH); k++) {
                        batch.put(
                                key.clear().putLong(head(k)).putLong(k).flip(),
                                value.clear().putLong(1).putLong(k).flip());
                    }
                    database.write(writing, batch);
                }
            }
            report("RocksDB: keys put, compaction included", rows, begin);
            SplittableRandom random = new SplittableRandom(7);
            begin = ProcessCost.now();
            for (int i = 0; i < GETS; i++) {
                long k = random.nextInt(rows);
                int length = database.get(reading, key.clear().putLong(head(k)).putLong(k).flip(), value.clear());
                expect(16, length);
                expect(k, value.getLong(8));
            }
            report("RocksDB: keys got, cache of 1 GiB", GETS, begin);
        }
    }
}
