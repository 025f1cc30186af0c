package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Mem;

/**
 * Which rows of a batch go to which table rows, and how often: parallel off-heap arrays, {@link #count} long. A scratch
 * object that its owner refills; the arrays are not its own.
 */
public final class RowSet {
    /** i32 indices into the batch's columns, or 0 for the first {@link #count} rows. */
    public long selection;

    public int count;

    /** i64 addresses of table rows. */
    public long rows;

    /** i64 weights, or 0 when every row counts once. */
    public long weights;

    int row(int i) {
        return selection == 0 ? i : Mem.getInt(selection + 4L * i);
    }

    long target(int i) {
        return Mem.getLong(rows + 8L * i);
    }

    long weight(int i) {
        return weights == 0 ? 1 : Mem.getLong(weights + 8L * i);
    }
}
