package io.millrace.operators.interpreted;

import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import io.millrace.operators.kernel.Rows;

/** The same column under another type of the same layout. */
record RetypeNode(Node argument, DataType type) implements Node {
    @Override
    public Column evaluate(Frame frame, Rows rows) {
        Column column = argument.evaluate(frame, rows);
        try {
            return column.withType(type);
        } finally {
            column.release();
        }
    }

    @Override
    public void close() {
        argument.close();
    }
}
