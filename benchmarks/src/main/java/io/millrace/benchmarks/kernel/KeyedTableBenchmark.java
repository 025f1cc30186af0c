package io.millrace.benchmarks.kernel;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.state.table.KeyedTable;
import io.millrace.state.table.KeyedTables;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Finding rows by key a batch at a time and counting in them, keys uniform; nanoseconds a row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KeyedTableBenchmark {
    private static final int ROWS = 4_096;
    private static final int BATCHES = 256;
    private static final int VALUE_BYTES = 16;
    private static final long SEED = 42;

    @Param({"10000", "1000000"})
    private int groups;

    /** BIGINT keys lie in the slots of an open-addressing table; STRING keys beside their rows. */
    @Param({"BIGINT", "STRING"})
    private String key;

    private final List<Batch> batches = new ArrayList<>();
    private Allocator allocator;
    private KeyedTable table;
    private Buffer rows;
    private int turn;

    /** Makes the batches, puts every key into the table and checks how many there are. */
    @Setup
    public void fill() {
        allocator = Allocator.root(2L << 30);
        DataType type = key.equals("BIGINT") ? DataType.BIGINT : DataType.VARCHAR;
        table = KeyedTables.create(allocator, List.of(0), List.of(type), VALUE_BYTES, false);
        rows = allocator.allocate(MemoryTag.BATCH, 8L * ROWS);
        SplittableRandom random = new SplittableRandom(SEED);
        try (BatchBuilder builder = new BatchBuilder(allocator, Schema.of("k", type), ROWS)) {
            for (int first = 0; first < groups; first += ROWS) {
                for (int k = first; k < Math.min(groups, first + ROWS); k++) {
                    append(builder, k);
                }
                try (Batch batch = builder.build()) {
                    count(batch);
                }
            }
            for (int i = 0; i < BATCHES; i++) {
                for (int row = 0; row < ROWS; row++) {
                    append(builder, random.nextInt(groups));
                }
                batches.add(builder.build());
            }
        }
        batches.forEach(this::count);
        if (table.size() != groups) {
            throw new IllegalStateException("expected " + groups + " groups, found " + table.size());
        }
    }

    private void append(BatchBuilder builder, int k) {
        if (key.equals("BIGINT")) {
            builder.column(0).appendLong(k * 7L);
        } else {
            builder.column(0).appendObject("customer-" + (k * 7L));
        }
    }

    private void count(Batch batch) {
        int count = batch.activeCount();
        table.findOrAdd(batch, batch.selectionAddress(), count, rows.address());
        long addresses = rows.address();
        for (int i = 0; i < count; i++) {
            long row = Mem.getLong(addresses + 8L * i);
            Mem.putLong(row, Mem.getLong(row) + 1);
        }
    }

    @TearDown
    public void free() {
        batches.forEach(Batch::close);
        rows.release();
        table.close();
        allocator.close();
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public long findAndCount() {
        count(batches.get(turn));
        turn = (turn + 1) % BATCHES;
        return table.size();
    }
}
