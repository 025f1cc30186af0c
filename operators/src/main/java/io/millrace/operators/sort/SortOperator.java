package io.millrace.operators.sort;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keeps its whole input and sorts an index of it at the end; with a limit it keeps only what can still be among the
 * first, pruned whenever it holds several times that.
 */
final class SortOperator implements Operator {
    private static final int MIN_PRUNE_ROWS = 65_536;

    private final SortSpec spec;
    private final OperatorContext context;
    private final RowComparator comparator;
    private final BatchBuilder output;
    private final List<Batch> batches = new ArrayList<>();
    private long heldRows;
    private long[] order;
    private int next;
    private int end;

    SortOperator(SortSpec spec, OperatorContext context) {
        this.spec = spec;
        this.context = context;
        this.comparator = new RowComparator(spec.keys());
        this.output = new BatchBuilder(context.allocator(), spec.outputSchema(), context.batchRows());
    }

    @Override
    public void process(int input, Batch batch, Output out) {
        batches.add(batch);
        heldRows += batch.activeCount();
        if (spec.limit() >= 0) {
            long wanted = Math.addExact(spec.offset(), spec.limit());
            if (heldRows > Math.max(MIN_PRUNE_ROWS, 4 * wanted)) {
                prune((int) wanted);
            }
        }
    }

    private void prune(int keep) {
        long[] sorted = sortedRows();
        List<Batch> kept = new ArrayList<>();
        for (int i = 0; i < keep; i++) {
            appendRow(sorted[i]);
            if (output.rowCount() == context.batchRows()) {
                kept.add(output.build());
            }
        }
        if (output.rowCount() > 0) {
            kept.add(output.build());
        }
        batches.forEach(Batch::close);
        batches.clear();
        batches.addAll(kept);
        heldRows = keep;
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

    private void appendRow(long row) {
        Batch batch = batches.get((int) (row >>> 32));
        for (int i = 0; i < batch.columnCount(); i++) {
            output.column(i).append(batch.column(i), (int) row);
        }
        if (batch.columnCount() == 0) {
            output.addEmptyRow();
        }
    }

    @Override
    public void advance(long watermarkMicros, Output out) {
        if (watermarkMicros != END_OF_INPUT) {
            return;
        }
        order = sortedRows();
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
                appendRow(order[next++]);
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
