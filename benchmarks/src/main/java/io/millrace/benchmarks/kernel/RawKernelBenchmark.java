package io.millrace.benchmarks.kernel;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.hash.Hashing;
import io.millrace.memory.types.DataType;
import io.millrace.operators.kernel.Kernels;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Kernels over one batch of flat values without nulls; nanoseconds a row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RawKernelBenchmark {
    private static final int ROWS = 4_096;
    private static final long SEED = 42;
    private static final long HALF = Long.MAX_VALUE;

    private final Kernels kernels = Kernels.BEST;
    private Allocator allocator;
    private Buffer memory;
    private Column column;
    private long a;
    private long b;
    private long out;

    /** Fills two inputs and checks what the kernels answer. */
    @Setup
    public void fill() {
        allocator = Allocator.root(64L << 20);
        memory = allocator.allocate(MemoryTag.BATCH, 3L * 8 * ROWS);
        a = memory.address();
        b = a + 8L * ROWS;
        out = b + 8L * ROWS;
        SplittableRandom random = new SplittableRandom(SEED);
        ColumnBuilder builder = new ColumnBuilder(allocator, MemoryTag.BATCH, DataType.BIGINT, ROWS);
        for (int i = 0; i < ROWS; i++) {
            Mem.putLong(a + 8L * i, random.nextLong());
            Mem.putLong(b + 8L * i, random.nextLong(1_000_000));
            builder.appendLong(Mem.getLong(a + 8L * i));
        }
        column = builder.build();
        builder.close();
        check();
    }

    private void check() {
        int expected = 0;
        for (int i = 0; i < ROWS; i++) {
            expected += Mem.getLong(a + 8L * i) >= 0 ? 1 : 0;
        }
        expect(expected, selectHalf());
        expect(0, selectNone());
        kernels.addLongs(b, b, -1, out, ROWS);
        for (int i = 0; i < ROWS; i++) {
            expect(2 * Mem.getLong(b + 8L * i), Mem.getLong(out + 8L * i));
        }
        hash();
        for (int i = 0; i < ROWS; i++) {
            expect(Hashing.hashLong(Mem.getLong(a + 8L * i)), Mem.getLong(out + 8L * i));
        }
    }

    private static void expect(long expected, long found) {
        if (expected != found) {
            throw new IllegalStateException("expected " + expected + ", found " + found);
        }
    }

    @TearDown
    public void free() {
        column.release();
        memory.release();
        allocator.close();
    }

    /** {@code a >= 0}, true of half the rows in no order that can be foretold. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int selectHalf() {
        return kernels.selectLongs(a, ROWS, 0, HALF, out);
    }

    /** {@code b > 1000000}, true of none. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int selectNone() {
        return kernels.selectLongs(b, ROWS, 1_000_001, HALF - 1_000_001, out);
    }

    /** {@code b + b}, checked for overflow. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public boolean addLongs() {
        return kernels.addLongs(b, b, -1, out, ROWS);
    }

    /** Hashes of a BIGINT column. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public long hash() {
        Hashing.hashColumn(column, 0, ROWS, out, true, allocator);
        return out;
    }
}
