package io.millrace.operators.aggregate;

import io.millrace.memory.column.Column;

/** A hold of a column that ends with a try block. */
record Released(Column column) implements AutoCloseable {
    @Override
    public void close() {
        column.release();
    }
}
