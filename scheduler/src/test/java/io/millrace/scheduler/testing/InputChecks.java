package io.millrace.scheduler.testing;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.hash.Hashing;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import java.util.HashMap;
import java.util.Map;

/** What the operator contract promises to an operator, checked from its side. */
final class InputChecks {
    private final OperatorContext context;
    private final boolean timed;
    private final Map<Long, Long> lastNumberByKeyAndSource = new HashMap<>();
    private long watermarkMicros = Long.MIN_VALUE;
    private long epoch;
    private boolean closed;

    InputChecks(OperatorContext context, boolean timed) {
        this.context = context;
        this.timed = timed;
    }

    private void require(boolean holds, String broken) {
        if (!holds) {
            throw new AssertionError(context.taskName() + ": " + broken);
        }
    }

    /** Closes the batch when it is not as promised. */
    void batch(Operator operator, Batch batch) {
        batch.checkOpen();
        try {
            check(operator, batch);
        } catch (AssertionError broken) {
            batch.close();
            throw broken;
        }
    }

    private void check(Operator operator, Batch batch) {
        require(!closed, "a batch after close");
        require(!operator.hasPending(), "a batch while something is pending");
        require(watermarkMicros != Operator.END_OF_INPUT, "a batch after the end of input");
        require(batch.activeCount() > 0, "a batch without rows");
        for (int i = 0; timed && i < batch.activeCount(); i++) {
            long time = batch.column(TestRows.TIME).getLong(batch.row(i));
            require(time >= watermarkMicros, "a row of " + time + " after the watermark " + watermarkMicros);
        }
    }

    /** Rows of one source task and key come in order, at the task that owns the key. */
    void keyed(int input, Batch batch, int sourceTasks) {
        try {
            checkKeys(input, batch, sourceTasks);
        } catch (AssertionError broken) {
            batch.close();
            throw broken;
        }
    }

    private void checkKeys(int input, Batch batch, int sourceTasks) {
        for (int i = 0; i < batch.activeCount(); i++) {
            int row = batch.row(i);
            long key = batch.column(TestRows.KEY).getLong(row);
            long number = batch.column(TestRows.NUMBER).getLong(row);
            int group = Hashing.keyGroup(Hashing.hashLong(key), context.keyGroups());
            require(
                    Hashing.ownerOf(group, context.keyGroups(), context.taskCount()) == context.taskIndex(),
                    "key " + key + " is not for this task");
            long place = (key * sourceTasks + number % sourceTasks) * 2 + input;
            Long before = lastNumberByKeyAndSource.put(place, number);
            require(before == null || before < number, "row " + number + " after " + before + " of key " + key);
        }
    }

    void watermark(Operator operator, long newWatermarkMicros) {
        require(!closed, "a watermark after close");
        require(!operator.hasPending(), "a watermark while something is pending");
        require(
                newWatermarkMicros > watermarkMicros,
                "the watermark " + newWatermarkMicros + " after " + watermarkMicros);
        watermarkMicros = newWatermarkMicros;
    }

    void marker(Operator operator, EpochMarker marker) {
        require(!closed, "a marker after close");
        require(!operator.hasPending(), "a marker while something is pending");
        require(watermarkMicros != Operator.END_OF_INPUT, "a marker after the end of input");
        require(marker.epoch() == epoch + 1, "epoch " + marker.epoch() + " after " + epoch);
        epoch = marker.epoch();
    }

    void close() {
        closed = true;
    }
}
