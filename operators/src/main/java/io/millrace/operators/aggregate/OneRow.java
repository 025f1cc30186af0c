package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;

/** Updates the accumulator of one group by way of the update of many. */
final class OneRow {
    private OneRow() {}

    static void update(Accumulator accumulator, Allocator allocator, Column argument, RowSet rows, long address) {
        Buffer targets = allocator.allocate(MemoryTag.STATE, 8L * Math.max(1, rows.count));
        try {
            for (int i = 0; i < rows.count; i++) {
                Mem.putLong(targets.address() + 8L * i, address);
            }
            RowSet toOne = new RowSet();
            toOne.selection = rows.selection;
            toOne.count = rows.count;
            toOne.rows = targets.address();
            toOne.weights = rows.weights;
            accumulator.update(argument, toOne, 0);
        } finally {
            targets.release();
        }
    }
}
