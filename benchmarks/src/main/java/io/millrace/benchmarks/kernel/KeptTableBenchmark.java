package io.millrace.benchmarks.kernel;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.state.StateSetting;
import io.millrace.state.TableSpec;
import io.millrace.state.TaskState;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.table.KeyedTable;
import io.millrace.state.table.RowCodec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a checkpoint takes of its worker when every row was written since the last one; nanoseconds a row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KeptTableBenchmark {
    private static final int ROWS = 1 << 20;
    private static final int BATCH_ROWS = 4_096;
    private static final int VALUE_BYTES = 16;
    private static final int SLICE_BYTES = 64 << 10;

    @Param({"BIGINT", "STRING"})
    private String key;

    private Allocator allocator;
    private TaskState state;
    private KeyedTable table;
    private Buffer rows;
    private DataType type;
    private long checkpoint;

    @Setup
    public void open() {
        allocator = Allocator.root(4L << 30);
        type = key.equals("BIGINT") ? DataType.BIGINT : DataType.VARCHAR;
        StateSetting setting =
                new StateSetting("benchmark", allocator, new NoFiles(), Runnable::run, 128, 0, 1, null, List.of());
        state = TaskState.kept(setting);
        table =
                state.table(
                        new TableSpec(
                                "rows",
                                List.of(0),
                                List.of(type),
                                VALUE_BYTES,
                                false,
                                RowCodec.flat("longs", VALUE_BYTES)));
        rows = allocator.allocate(MemoryTag.BATCH, 8L * BATCH_ROWS);
    }

    /** Writes every row. */
    @Setup(Level.Invocation)
    public void write() {
        try (BatchBuilder builder = new BatchBuilder(allocator, Schema.of("k", type), BATCH_ROWS)) {
            for (int from = 0; from < ROWS; from += BATCH_ROWS) {
                for (int k = from; k < from + BATCH_ROWS; k++) {
                    if (key.equals("BIGINT")) {
                        builder.column(0).appendLong(k * 7L);
                    } else {
                        builder.column(0).appendObject("customer-" + k * 7L);
                    }
                }
                try (Batch batch = builder.build()) {
                    table.findOrAdd(batch, 0, BATCH_ROWS, rows.address());
                }
                for (int i = 0; i < BATCH_ROWS; i++) {
                    long row = Mem.getLong(rows.address() + 8L * i);
                    Mem.putLong(row, Mem.getLong(row) + 1);
                }
            }
        }
    }

    @TearDown
    public void close() {
        table.close();
        state.close();
        rows.release();
        allocator.close();
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public List<StateEntry> copyAllRows() {
        CompletableFuture<List<StateEntry>> result = state.begin(++checkpoint);
        while (state.isCopying()) {
            state.copy(SLICE_BYTES);
        }
        List<StateEntry> entries = result.join();
        if (entries.getFirst().rows() != ROWS) {
            throw new IllegalStateException("expected " + ROWS + " rows, found " + entries.getFirst().rows());
        }
        return entries;
    }
}
