package io.millrace.connectors.api;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import java.util.function.IntFunction;

/** How event time is read off a batch of projected columns, and how much disorder was declared. Thread-safe. */
public interface EventTime {
    /** The declared delay: WATERMARK FOR t AS t - INTERVAL this. Microseconds, at least 0. */
    long delayMicros();

    /**
     * The event times of the batch's rows, a TIMESTAMP column of I64 layout that the caller releases. May hold NULLs.
     *
     * @param allocator of the caller's task, for a column that is not the batch's own
     */
    Column evaluate(Batch batch, Allocator allocator);

    /**
     * The bounds of the event times of rows whose columns lie in the given bounds.
     *
     * @param columnBounds bounds of a projected column by its index in the batch; gives null where they are unknown
     * @return null when they cannot be told
     */
    Bounds bounds(IntFunction<Bounds> columnBounds);

    /** The projected column that is the event time itself, or -1 when it is computed. */
    int column();

    /** Inclusive, in the column's own unit (microseconds for times). */
    record Bounds(long min, long max) {
        public Bounds {
            if (min > max) {
                throw new IllegalArgumentException("expected min <= max, found min=" + min + " max=" + max);
            }
        }
    }

    /** Event time that is a column of the batch. */
    static EventTime ofColumn(int column, long delayMicros) {
        return new ColumnTime(column, delayMicros);
    }
}
