package io.millrace.operators.interpreted;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.operators.kernel.Rows;

/** One value for all rows. */
final class ConstantNode implements Node {
    private final Column single;
    private boolean closed;

    ConstantNode(Allocator allocator, Object value, DataType type) {
        try (ColumnBuilder builder =
                new ColumnBuilder(allocator, MemoryTag.BATCH, type.withNullable(value == null), 1)) {
            builder.appendObject(value);
            single = builder.build();
        }
    }

    @Override
    public Column evaluate(Frame frame, Rows rows) {
        return Column.constant(single.retain(), frame.rowCount());
    }

    /** A view of the value, in a flat column of one row. */
    Column single() {
        return single;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            single.release();
        }
    }
}
