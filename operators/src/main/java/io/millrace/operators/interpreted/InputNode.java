package io.millrace.operators.interpreted;

import io.millrace.memory.column.Column;
import io.millrace.operators.kernel.Rows;

/** A column of the batch, as it is. */
record InputNode(int index) implements Node {
    @Override
    public Column evaluate(Frame frame, Rows rows) {
        return frame.columns()[index].retain();
    }

    @Override
    public void close() {}
}
