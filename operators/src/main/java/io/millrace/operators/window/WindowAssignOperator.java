package io.millrace.operators.window;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.column.Column;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.Output;

/** Copies each row into every window it lies in, and says which one. */
final class WindowAssignOperator implements Operator {
    private static final long MILLI = 1_000;

    private final WindowAssignSpec spec;
    private final OperatorContext context;
    private final Windows windows;
    private final BatchBuilder plain;
    private final BatchBuilder weighted;
    private Batch pending;
    private int position;

    WindowAssignOperator(WindowAssignSpec spec, OperatorContext context) {
        this.spec = spec;
        this.context = context;
        this.windows = new Windows(spec.shape());
        this.plain = new BatchBuilder(context.allocator(), spec.outputSchema(), context.batchRows(), false);
        this.weighted = new BatchBuilder(context.allocator(), spec.outputSchema(), context.batchRows(), true);
    }

    @Override
    public void process(int input, Batch batch, Output out) {
        pending = batch;
        position = 0;
        resume(out);
    }

    @Override
    public boolean hasPending() {
        return pending != null;
    }

    @Override
    public boolean resume(Output out) {
        boolean progressed = false;
        while (pending != null && !out.isFull()) {
            progressed = true;
            BatchBuilder output = pending.weights() == null ? plain : weighted;
            while (position < pending.activeCount() && output.rowCount() < context.batchRows()) {
                assign(pending.row(position++), output);
            }
            if (position == pending.activeCount()) {
                pending.close();
                pending = null;
            }
            if (output.rowCount() > 0) {
                out.emit(output.build());
            }
        }
        return progressed;
    }

    private void assign(int row, BatchBuilder output) {
        Column times = pending.column(spec.timeColumn());
        if (times.isNull(row)) {
            if (pending.weight(row) > 0) {
                context.sideTables().bad(spec.table(), Windows.timeless(spec.table(), pending, row));
            }
            return;
        }
        long time = times.getLong(row);
        int columns = pending.columnCount();
        for (long start = windows.firstWindowStart(time);
                start <= windows.lastWindowStart(time);
                start += spec.shape().slideMicros()) {
            for (int i = 0; i < columns; i++) {
                output.column(i).append(pending.column(i), row);
            }
            output.column(columns).appendLong(start);
            output.column(columns + 1).appendLong(start + spec.shape().sizeMicros());
            output.column(columns + 2).appendLong(start + spec.shape().sizeMicros() - MILLI);
            if (output.isWeighted()) {
                output.weights().appendLong(pending.weight(row));
            }
        }
    }

    @Override
    public void close() {
        if (pending != null) {
            pending.close();
            pending = null;
        }
        plain.close();
        weighted.close();
    }
}
