package io.millrace.operators.sort;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.OperatorContext;

/** Makes of rows in order those that are wanted: each as often as it is there, from the offset on, up to the limit. */
final class WantedRows implements AutoCloseable {
    private final BatchBuilder output;
    private final int batchRows;
    private long toSkip;
    private long toTake;
    private Batch batch;
    private int next;

    /** What is left of the weight of the row before the next. */
    private long timesLeft;

    WantedRows(SortSpec spec, OperatorContext context) {
        this.output = new BatchBuilder(context.allocator(), spec.outputSchema(), context.batchRows());
        this.batchRows = context.batchRows();
        this.toSkip = spec.offset();
        this.toTake = spec.limit() < 0 ? Long.MAX_VALUE : spec.limit();
    }

    /** Whether no more are wanted. */
    boolean isOver() {
        return toTake == 0;
    }

    /** Takes the next rows, once there are none left of those before. */
    void give(Batch sorted) {
        batch = sorted;
        next = 0;
        timesLeft = 0;
    }

    /** A batch of rows that are wanted, which is the caller's; null when others are to be given first, or none. */
    Batch next() {
        if (batch == null) {
            return null;
        }
        Batch all = batch;
        if (all.weights() == null && toSkip == 0 && all.rowCount() <= toTake) {
            batch = null;
            toTake -= all.rowCount();
            return all;
        }
        if (all.weights() == null) {
            int from = (int) Math.min(toSkip, all.rowCount());
            int count = (int) Math.min(toTake, all.rowCount() - from);
            output.appendRows(all, from, count);
            toSkip -= from;
            toTake -= count;
            next = all.rowCount();
        } else {
            repeat(all);
        }
        if (isOver() || next == all.rowCount() && timesLeft == 0) {
            batch = null;
            all.close();
        }
        return output.rowCount() == 0 ? null : output.build();
    }

    /** Appends rows each as often as it is there, until a batch is full. */
    private void repeat(Batch all) {
        while (toTake > 0 && output.rowCount() < batchRows && (timesLeft > 0 || next < all.rowCount())) {
            if (timesLeft == 0) {
                timesLeft = timesPresent(all.weight(next++));
            }
            long skipped = Math.min(toSkip, timesLeft);
            toSkip -= skipped;
            timesLeft -= skipped;
            for (; timesLeft > 0 && toTake > 0 && output.rowCount() < batchRows; timesLeft--) {
                output.appendRows(all, next - 1, 1);
                toTake--;
            }
        }
    }

    private static long timesPresent(long weight) {
        if (weight < 0) {
            throw new MillraceException(
                    ErrorCode.CONTRACT_BROKEN,
                    "a row was taken away " + -weight + " times more often than it was added");
        }
        return weight;
    }

    @Override
    public void close() {
        if (batch != null) {
            batch.close();
            batch = null;
        }
        output.close();
    }
}
