package io.millrace.operators.sort;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.Output;
import io.millrace.state.RowBag;
import io.millrace.state.table.RowList;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps its whole input and sorts references to its rows at the end; with a limit it keeps only what can still be among
 * the first, pruned whenever it holds several times that, in rows or in bytes. Of rows that come and go it keeps the
 * sum of each row's weights, added up whenever it holds twice as many as the last time. Batches of few rows are copied
 * together, so that none pins a buffer many times its size.
 */
final class SortOperator implements Operator {
    private static final int MIN_PRUNE_ROWS = 65_536;
    private static final long MIN_PRUNE_BYTES = 16L << 20;
    private static final int ROWS_A_STEP = 16_384;
    private static final int MAX_ROWS = 1 << 30;

    private final SortSpec spec;
    private final OperatorContext context;
    private final boolean changes;
    private final long wanted;
    private final RowComparator comparator;
    private final BatchBuilder pending;
    private final BatchBuilder output;
    private final RowBag bag;
    private final List<Batch> batches;
    private long heldRows;
    private long heldBytes;
    private long rowsAfterPruning;
    private long bytesAfterPruning;
    private RowSorter sorter;
    private RowList order;
    private int next;
    private int end;

    SortOperator(SortSpec spec, OperatorContext context) {
        this.spec = spec;
        this.context = context;
        this.changes = spec.inputKind() != ChangelogKind.APPEND;
        this.wanted = spec.limit() < 0 ? Long.MAX_VALUE : saturated(spec.offset(), spec.limit());
        this.comparator = new RowComparator(spec.keys());
        this.pending = builder(changes);
        this.output = new BatchBuilder(context.allocator(), spec.outputSchema(), context.batchRows());
        this.bag = context.state().rows("rows", spec.outputSchema());
        this.batches = bag.batches();
        for (Batch batch : batches) {
            heldRows += batch.activeCount();
            heldBytes += batch.heldBytes();
        }
    }

    private static long saturated(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    private BatchBuilder builder(boolean weighted) {
        return new BatchBuilder(
                context.allocator(), MemoryTag.STATE, spec.outputSchema(), context.batchRows(), weighted);
    }

    @Override
    public void process(int input, Batch batch, Output out) {
        heldRows += batch.activeCount();
        if (2L * batch.activeCount() >= Math.max(batch.rowCount(), context.batchRows())) {
            hold(batch);
        } else {
            try (batch) {
                copy(batch);
            }
        }
        boolean many = heldBytes > Math.max(MIN_PRUNE_BYTES, 2 * bytesAfterPruning);
        if (changes) {
            if (many || heldRows > Math.max(MIN_PRUNE_ROWS, 2 * rowsAfterPruning)) {
                keepSums();
            }
        } else if (heldRows > wanted && (many || heldRows > MIN_PRUNE_ROWS && heldRows / 4 > wanted)) {
            keepFirst((int) wanted);
        }
    }

    private void hold(Batch batch) {
        bag.add(batch);
        heldBytes += batch.heldBytes();
    }

    private void copy(Batch batch) {
        int count = batch.activeCount();
        for (int from = 0; from < count; ) {
            int rows = Math.min(count - from, context.batchRows() - pending.rowCount());
            pending.appendRows(batch, from, rows);
            from += rows;
            if (pending.rowCount() >= context.batchRows()) {
                hold(pending.build());
            }
        }
    }

    private void keepFirst(int count) {
        try (RowSorter sorted = sorted()) {
            sorted.rows().setSize(count);
            keep(sorted.rows(), null);
        }
    }

    /** Each row once, with the sum of its weights, which may be negative for now; those that cancel out are dropped. */
    private void keepSums() {
        try (RowSorter sorted = sorted();
                RowList kept = new RowList(context.allocator(), 16);
                RowList sums = new RowList(context.allocator(), 16)) {
            RowList rows = sorted.rows();
            for (int from = 0, to; from < rows.size(); from = to) {
                to = endOfEqual(rows, from);
                long sum = sumOfWeights(rows, from, to);
                if (sum != 0) {
                    kept.add(rows.get(from));
                    sums.add(sum);
                }
            }
            keep(kept, sums);
        }
    }

    /** Copies these rows and forgets all others. */
    private void keep(RowList rows, RowList weights) {
        List<Batch> kept = new ArrayList<>();
        try (BatchBuilder builder = builder(weights != null)) {
            for (int i = 0; i < rows.size(); i++) {
                append(builder, rows.get(i));
                if (weights != null) {
                    builder.weights().appendLong(weights.get(i));
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
        bag.replace(kept);
        heldBytes = 0;
        for (Batch batch : kept) {
            heldBytes += batch.heldBytes();
        }
        heldRows = rows.size();
        rowsAfterPruning = heldRows;
        bytesAfterPruning = heldBytes;
    }

    private int endOfEqual(RowList sorted, int from) {
        int to = from + 1;
        while (to < sorted.size() && compare(sorted.get(from), sorted.get(to)) == 0) {
            to++;
        }
        return to;
    }

    private long sumOfWeights(RowList sorted, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            long row = sorted.get(i);
            sum += batches.get((int) (row >>> 32)).weight((int) row);
        }
        return sum;
    }

    /** The rows that are there, in order, each as often as it is. */
    private RowList present(RowList sorted) {
        RowList present = new RowList(context.allocator(), 16);
        try {
            for (int from = 0, to; from < sorted.size(); from = to) {
                to = endOfEqual(sorted, from);
                long sum = sumOfWeights(sorted, from, to);
                if (sum < 0) {
                    throw new MillraceException(
                            ErrorCode.CONTRACT_BROKEN,
                            "a row was taken away " + -sum + " times more often than it was added");
                }
                for (long i = 0; i < sum; i++) {
                    present.add(sorted.get(from));
                }
            }
        } catch (RuntimeException failure) {
            present.close();
            throw failure;
        }
        return present;
    }

    /** All rows held, to be put in order: batch in the upper half, row in the lower. */
    private RowSorter unsorted() {
        if (pending.rowCount() > 0) {
            hold(pending.build());
        }
        if (heldRows > MAX_ROWS) {
            throw new MillraceException(ErrorCode.UNSUPPORTED, "ORDER BY of " + heldRows + " rows")
                    .withHelp("It takes up to " + MAX_ROWS + " rows; with a small LIMIT it keeps fewer.");
        }
        RowSorter all = new RowSorter(context.allocator(), (int) heldRows, this::compare);
        for (int b = 0; b < batches.size(); b++) {
            Batch batch = batches.get(b);
            for (int i = 0; i < batch.activeCount(); i++) {
                all.rows().add((long) b << 32 | batch.row(i));
            }
        }
        return all;
    }

    private RowSorter sorted() {
        RowSorter all = unsorted();
        try {
            boolean done = false;
            while (!done) {
                done = all.step(Integer.MAX_VALUE);
            }
        } catch (RuntimeException failure) {
            all.close();
            throw failure;
        }
        return all;
    }

    private int compare(long a, long b) {
        return comparator.compare(batches.get((int) (a >>> 32)), (int) a, batches.get((int) (b >>> 32)), (int) b);
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
    public void endEpoch(EpochMarker marker, Output out) {
        if (marker.isBarrier() && pending.rowCount() > 0) {
            hold(pending.build());
        }
    }

    @Override
    public void advance(long watermarkMicros, Output out) {
        if (watermarkMicros == END_OF_INPUT) {
            sorter = unsorted();
            resume(out);
        }
    }

    @Override
    public boolean hasPending() {
        return sorter != null;
    }

    @Override
    public boolean resume(Output out) {
        if (sorter == null) {
            return false;
        }
        if (order == null) {
            if (!sorter.step(ROWS_A_STEP)) {
                return true;
            }
            order = changes ? present(sorter.rows()) : sorter.rows();
            next = (int) Math.min(order.size(), spec.offset());
            end = (int) Math.min(order.size(), wanted);
        }
        boolean progressed = false;
        while (sorter != null && !out.isFull()) {
            progressed = true;
            while (next < end && output.rowCount() < context.batchRows()) {
                append(output, order.get(next++));
            }
            if (output.rowCount() > 0) {
                out.emit(output.build());
            }
            if (next >= end) {
                forgetOrder();
            }
        }
        return progressed;
    }

    private void forgetOrder() {
        if (order != null) {
            order.close();
            order = null;
        }
        if (sorter != null) {
            sorter.close();
            sorter = null;
        }
    }

    @Override
    public void close() {
        forgetOrder();
        bag.close();
        pending.close();
        output.close();
    }
}
