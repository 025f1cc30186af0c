package io.millrace.operators.aggregate;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.memory.types.TypeKind;
import io.millrace.state.table.ByteHeap;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The accumulators of all aggregates of a query, one behind the other in a row of {@link #bytes} bytes that begins as
 * zeros. When rows may be taken away, the row begins with the i64 number of rows in the group. One thread.
 */
public final class AccumulatorRow implements AutoCloseable {
    private final Allocator allocator;
    private final List<AggregateCall> calls;
    private final boolean retracting;
    private final Accumulator[] accumulators;
    private final int[] offsets;
    private final int bytes;
    private final ByteHeap heap;
    private final RowSet active = new RowSet();
    private Buffer activeBuffer;

    /**
     * A row of these aggregates.
     *
     * @param retracting whether batches may carry weights below zero
     */
    public AccumulatorRow(Allocator allocator, List<AggregateCall> calls, Schema input, boolean retracting) {
        this.allocator = allocator;
        this.calls = calls;
        this.retracting = retracting;
        this.heap = new ByteHeap(allocator);
        this.accumulators = new Accumulator[calls.size()];
        this.offsets = new int[calls.size()];
        int offset = retracting ? 8 : 0;
        for (int i = 0; i < accumulators.length; i++) {
            AggregateCall call = calls.get(i);
            try {
                accumulators[i] = create(call, call.argument() < 0 ? null : input.type(call.argument()));
            } catch (RuntimeException failure) {
                closeAll(accumulators);
                throw failure;
            }
            offsets[i] = offset;
            offset += accumulators[i].bytes();
        }
        this.bytes = Math.max(8, offset);
    }

    private Accumulator create(AggregateCall call, DataType argument) {
        boolean extremum = call.function() == AggregateFunction.MIN || call.function() == AggregateFunction.MAX;
        Accumulator plain = plain(call, argument);
        if (extremum) {
            return retracting ? new RetractableExtremum(allocator, argument, plain) : plain;
        }
        return call.distinct() ? new DistinctAccumulator(allocator, argument, plain) : plain;
    }

    private Accumulator plain(AggregateCall call, DataType argument) {
        return switch (call.function()) {
            case COUNT -> new CountAccumulator();
            case SUM -> {
                if (argument.kind() == TypeKind.DECIMAL) {
                    yield new WideSumAccumulator(false, argument, call.type());
                }
                if (argument.kind() == TypeKind.FLOAT || argument.kind() == TypeKind.DOUBLE) {
                    yield new DoubleSumAccumulator(false);
                }
                boolean counted = argument.nullable() || call.filter() >= 0 || retracting || call.type().nullable();
                yield new LongSumAccumulator(call.type(), counted);
            }
            case AVG ->
                    argument.kind() == TypeKind.FLOAT || argument.kind() == TypeKind.DOUBLE
                            ? new DoubleSumAccumulator(true)
                            : new WideSumAccumulator(true, argument, call.type());
            case MIN, MAX -> {
                boolean max = call.function() == AggregateFunction.MAX;
                yield argument.kind().isBytes() ? new BytesExtremum(max, heap) : new FixedExtremum(max, argument);
            }
        };
    }

    /** A multiple of 8. */
    public int bytes() {
        return bytes;
    }

    /** Rows in the group; only when rows may be taken away. */
    public static long rowCount(long row) {
        return Mem.getLong(row);
    }

    /** Adds the rows of the batch to the groups that {@code rows} names. */
    public void update(Batch batch, RowSet rows) {
        if (retracting) {
            for (int i = 0; i < rows.count; i++) {
                long row = rows.target(i);
                Mem.putLong(row, Mem.getLong(row) + rows.weight(i));
            }
        }
        for (int k = 0; k < accumulators.length; k++) {
            AggregateCall call = calls.get(k);
            Column argument = call.argument() < 0 ? null : batch.column(call.argument());
            RowSet used = activeRows(batch, call, argument, rows);
            accumulators[k].update(argument, used, offsets[k]);
        }
    }

    /** Adds the rows of the batch to one group; {@code rows.rows} is not looked at. */
    public void updateOne(Batch batch, RowSet rows, long row) {
        if (retracting) {
            long sum = rows.count;
            if (rows.weights != 0) {
                sum = 0;
                for (int i = 0; i < rows.count; i++) {
                    sum += rows.weight(i);
                }
            }
            Mem.putLong(row, Mem.getLong(row) + sum);
        }
        for (int k = 0; k < accumulators.length; k++) {
            AggregateCall call = calls.get(k);
            Column argument = call.argument() < 0 ? null : batch.column(call.argument());
            RowSet used = activeRows(batch, call, argument, rows);
            accumulators[k].updateOne(argument, used, row + offsets[k]);
        }
    }

    /** The rows whose argument is not NULL and whose filter is true: {@code rows} itself when that is all. */
    private RowSet activeRows(Batch batch, AggregateCall call, Column argument, RowSet rows) {
        Column filter = call.filter() < 0 ? null : batch.column(call.filter());
        boolean nulls = argument != null && argument.hasNulls();
        if (filter == null && !nulls) {
            return rows;
        }
        long wanted = 20L * rows.count;
        if (activeBuffer == null || activeBuffer.capacityBytes() < wanted) {
            Buffer larger = allocator.allocate(MemoryTag.STATE, wanted);
            if (activeBuffer != null) {
                activeBuffer.release();
            }
            activeBuffer = larger;
        }
        long targets = activeBuffer.address();
        long weights = targets + 8L * rows.count;
        long selection = weights + 8L * rows.count;
        int kept = 0;
        for (int i = 0; i < rows.count; i++) {
            int row = rows.row(i);
            if (nulls && argument.isNull(row) || filter != null && (filter.isNull(row) || !filter.getBoolean(row))) {
                continue;
            }
            Mem.putLong(targets + 8L * kept, rows.rows == 0 ? 0 : rows.target(i));
            Mem.putLong(weights + 8L * kept, rows.weight(i));
            Mem.putInt(selection + 4L * kept, row);
            kept++;
        }
        active.selection = selection;
        active.count = kept;
        active.rows = targets;
        active.weights = rows.weights == 0 ? 0 : weights;
        return active;
    }

    /** What the row is, in words that change when {@link #write} writes something else. */
    String layout() {
        return Arrays.stream(accumulators)
                .map(Accumulator::layout)
                .collect(Collectors.joining(",", retracting ? "rows," : "", ""));
    }

    boolean isFlat() {
        return Arrays.stream(accumulators).allMatch(Accumulator::isFlat);
    }

    boolean isSelfContained() {
        return Arrays.stream(accumulators).allMatch(Accumulator::isSelfContained);
    }

    /** What each accumulator writes that saw no row. */
    byte[][] emptyParts() {
        byte[][] parts = new byte[accumulators.length][];
        try (StateOutput output = new StateOutput(allocator, 64)) {
            for (int k = 0; k < parts.length; k++) {
                output.truncate(0);
                Buffer zeros = zeros(accumulators[k].bytes());
                try {
                    accumulators[k].write(zeros.address(), output);
                } finally {
                    zeros.release();
                }
                parts[k] = new byte[(int) output.sizeBytes()];
                Mem.copyOut(output.address(), parts[k], 0, parts[k].length);
            }
        }
        return parts;
    }

    /** Whether an aggregate of no row is NULL: a count is 0, and so is a sum of integers that cannot be NULL. */
    boolean isNullWhenEmpty(int call) {
        return calls.get(call).isNullWhenEmpty();
    }

    private Buffer zeros(int count) {
        Buffer zeros = allocator.allocate(MemoryTag.STATE, count);
        Mem.fill(zeros.address(), count, (byte) 0);
        return zeros;
    }

    void write(long row, StateOutput output) {
        if (retracting) {
            output.putLong(Mem.getLong(row));
        }
        for (int k = 0; k < accumulators.length; k++) {
            accumulators[k].write(row + offsets[k], output);
        }
    }

    /** Makes a row that is all zeros what was written. */
    void read(StateInput input, long row) {
        if (retracting) {
            Mem.putLong(row, input.getLong());
        }
        for (int k = 0; k < accumulators.length; k++) {
            accumulators[k].read(input, row + offsets[k]);
        }
    }

    /** Off-heap bytes of what the accumulators keep outside their rows. */
    long heldBytes() {
        long bytes = heap.heldBytes();
        for (Accumulator accumulator : accumulators) {
            bytes += accumulator.heldBytes();
        }
        return bytes;
    }

    /** Adds what a group of another row of the same aggregates holds. */
    public void merge(AccumulatorRow source, long from, long to) {
        if (retracting) {
            Mem.putLong(to, Mem.getLong(to) + Mem.getLong(from));
        }
        for (int k = 0; k < accumulators.length; k++) {
            accumulators[k].merge(source.accumulators[k], from + offsets[k], to + offsets[k]);
        }
    }

    /** Frees what a group keeps outside its row, which is then void. */
    public void remove(long row) {
        for (int k = 0; k < accumulators.length; k++) {
            accumulators[k].remove(row + offsets[k]);
        }
    }

    /** Appends one aggregate's result of each of these groups. */
    public void append(int call, long rowsAddress, int count, ColumnBuilder results) {
        accumulators[call].append(rowsAddress, count, offsets[call], results);
    }

    private static void closeAll(Accumulator[] accumulators) {
        for (Accumulator accumulator : accumulators) {
            if (accumulator != null) {
                accumulator.close();
            }
        }
    }

    @Override
    public void close() {
        closeAll(accumulators);
        heap.close();
        if (activeBuffer != null) {
            activeBuffer.release();
            activeBuffer = null;
        }
    }
}
