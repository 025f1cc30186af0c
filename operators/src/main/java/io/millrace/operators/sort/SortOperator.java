package io.millrace.operators.sort;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Keeps its whole input and sorts an index of it at the end; with a limit it keeps only what can still be among the
 * first, pruned whenever it holds several times that. Of rows that come and go it keeps the sum of each row's weights,
 * added up whenever it holds twice as many as the last time.
 */
final class SortOperator implements Operator {
    private static final int MIN_PRUNE_ROWS = 65_536;

    private final SortSpec spec;
    private final OperatorContext context;
    private final boolean changes;
    private final RowComparator comparator;
    private final BatchBuilder output;
    private final List<Batch> batches = new ArrayList<>();
    private long heldRows;
    private long rowsAfterPruning;
    private long[] order;
    private int next;
    private int end;

    SortOperator(SortSpec spec, OperatorContext context) {
        this.spec = spec;
        this.context = context;
        this.changes = spec.inputKind() != ChangelogKind.APPEND;
        this.comparator = new RowComparator(spec.keys());
        this.output = new BatchBuilder(context.allocator(), spec.outputSchema(), context.batchRows());
    }

    @Override
    public void process(int input, Batch batch, Output out) {
        batches.add(batch);
        heldRows += batch.activeCount();
        if (changes) {
            if (heldRows > Math.max(MIN_PRUNE_ROWS, 2 * rowsAfterPruning)) {
                keepSums();
            }
        } else if (spec.limit() >= 0) {
            long wanted = Math.addExact(spec.offset(), spec.limit());
            if (heldRows > Math.max(MIN_PRUNE_ROWS, 4 * wanted)) {
                keepFirst((int) wanted);
            }
        }
    }

    private void keepFirst(int count) {
        long[] sorted = sortedRows();
        keep(Arrays.copyOf(sorted, count), null);
    }

    /** Each row once, with the sum of its weights, which may be negative for now; those that cancel out are dropped. */
    private void keepSums() {
        long[] sorted = sortedRows();
        long[] sums = new long[sorted.length];
        int kept = 0;
        for (int from = 0, to; from < sorted.length; from = to) {
            to = endOfEqual(sorted, from);
            long sum = sumOfWeights(sorted, from, to);
            if (sum != 0) {
                sums[kept] = sum;
                sorted[kept++] = sorted[from];
            }
        }
        keep(Arrays.copyOf(sorted, kept), sums);
    }

    /** Copies these rows and forgets all others. */
    private void keep(long[] rows, long[] weights) {
        List<Batch> kept = new ArrayList<>();
        try (BatchBuilder builder =
                new BatchBuilder(context.allocator(), spec.outputSchema(), context.batchRows(), weights != null)) {
            for (int i = 0; i < rows.length; i++) {
                append(builder, rows[i]);
                if (weights != null) {
                    builder.weights().appendLong(weights[i]);
                }
                if (builder.rowCount() == context.batchRows()) {
                    kept.add(builder.build());
                }
            }
            if (builder.rowCount() > 0) {
                kept.add(builder.build());
            }
        } catch (RuntimeException failure) {
            kept.forEach(Batch::close);
            throw failure;
        }
        batches.forEach(Batch::close);
        batches.clear();
        batches.addAll(kept);
        heldRows = rows.length;
        rowsAfterPruning = rows.length;
    }

    private int endOfEqual(long[] sorted, int from) {
        int to = from + 1;
        while (to < sorted.length && compare(sorted[from], sorted[to]) == 0) {
            to++;
        }
        return to;
    }

    private long sumOfWeights(long[] sorted, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += batches.get((int) (sorted[i] >>> 32)).weight((int) sorted[i]);
        }
        return sum;
    }

    /** The rows that are there, in order, each as often as it is. */
    private long[] rowsInTheEnd() {
        long[] sorted = sortedRows();
        if (!changes) {
            return sorted;
        }
        LongStream.Builder present = LongStream.builder();
        for (int from = 0, to; from < sorted.length; from = to) {
            to = endOfEqual(sorted, from);
            long sum = sumOfWeights(sorted, from, to);
            if (sum < 0) {
                throw new MillraceException(
                        ErrorCode.CONTRACT_BROKEN,
                        "a row was taken away " + -sum + " times more often than it was added");
            }
            for (long i = 0; i < sum; i++) {
                present.add(sorted[from]);
            }
        }
        return present.build().toArray();
    }

    /** Batch in the upper half, row in the lower. */
    private long[] sortedRows() {
        long[] rows = new long[(int) heldRows];
        int at = 0;
        for (int b = 0; b < batches.size(); b++) {
            Batch batch = batches.get(b);
            for (int i = 0; i < batch.activeCount(); i++) {
                rows[at++] = (long) b << 32 | batch.row(i);
            }
        }
        mergeSort(rows, Arrays.copyOf(rows, rows.length), 0, rows.length);
        return rows;
    }

    private int compare(long a, long b) {
        return comparator.compare(batches.get((int) (a >>> 32)), (int) a, batches.get((int) (b >>> 32)), (int) b);
    }

    /** Sorts {@code to[from, end)}; {@code scratch} holds the same elements. */
    private void mergeSort(long[] to, long[] scratch, int from, int limit) {
        if (limit - from < 8) {
            for (int i = from + 1; i < limit; i++) {
                long moved = to[i];
                int k = i - 1;
                for (; k >= from && compare(to[k], moved) > 0; k--) {
                    to[k + 1] = to[k];
                }
                to[k + 1] = moved;
            }
            return;
        }
        int middle = (from + limit) >>> 1;
        mergeSort(scratch, to, from, middle);
        mergeSort(scratch, to, middle, limit);
        int left = from;
        int right = middle;
        for (int i = from; i < limit; i++) {
            boolean takeLeft = right >= limit || left < middle && compare(scratch[left], scratch[right]) <= 0;
            to[i] = takeLeft ? scratch[left++] : scratch[right++];
        }
    }

    private void append(BatchBuilder builder, long row) {
        Batch batch = batches.get((int) (row >>> 32));
        for (int i = 0; i < batch.columnCount(); i++) {
            builder.column(i).append(batch.column(i), (int) row);
        }
        if (batch.columnCount() == 0) {
            builder.addEmptyRow();
        }
    }

    @Override
    public void advance(long watermarkMicros, Output out) {
        if (watermarkMicros != END_OF_INPUT) {
            return;
        }
        order = rowsInTheEnd();
        next = (int) Math.min(order.length, spec.offset());
        end = spec.limit() < 0 ? order.length : (int) Math.min(order.length, spec.offset() + spec.limit());
        resume(out);
    }

    @Override
    public boolean hasPending() {
        return order != null;
    }

    @Override
    public boolean resume(Output out) {
        boolean progressed = false;
        while (order != null && !out.isFull()) {
            progressed = true;
            while (next < end && output.rowCount() < context.batchRows()) {
                append(output, order[next++]);
            }
            if (output.rowCount() > 0) {
                out.emit(output.build());
            }
            if (next >= end) {
                order = null;
            }
        }
        return progressed;
    }

    @Override
    public void close() {
        batches.forEach(Batch::close);
        batches.clear();
        output.close();
    }
}
