package io.millrace.connectors.api;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import java.util.function.IntFunction;

/** Event time that is a column of the batch. */
public record ColumnTime(int column, long delayMicros) implements EventTime {
    @Override
    public Column evaluate(Batch batch, Allocator allocator) {
        return batch.column(column).retain();
    }

    @Override
    public Bounds bounds(IntFunction<Bounds> columnBounds) {
        return columnBounds.apply(column);
    }
}
