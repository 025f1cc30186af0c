package io.millrace.operators.interpreted;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import io.millrace.operators.kernel.Kernels;
import io.millrace.operators.kernel.Operand;
import io.millrace.operators.kernel.Rows;

/** Any BOOLEAN expression as a condition. */
record NodeFilter(Node condition) implements Filter {
    @Override
    public Rows select(Frame frame, Rows rows) {
        Column column = condition.evaluate(frame, rows);
        try {
            return selectTrue(frame.allocator(), column, rows);
        } finally {
            column.release();
        }
    }

    /** The rows that are true in a BOOLEAN column. */
    static Rows selectTrue(Allocator allocator, Column column, Rows rows) {
        if (column.encoding() == Encoding.CONSTANT) {
            boolean keep = !rows.isEmpty() && !column.isNull(0) && column.getBoolean(0);
            return Rows.view(rows.address(), keep ? rows.count() : 0);
        }
        Operand operand = new Operand().set(column);
        Rows selected = Rows.allocate(allocator, rows.count());
        if (operand.isFlat() && !operand.hasNulls() && rows.isDense()) {
            selected.setCount(Kernels.BEST.selectTrue(operand.address(), rows.count(), selected.address()));
        } else if (operand.hasNulls()) {
            selected.setCount(selectPresent(operand, rows, selected.address()));
        } else {
            selected.setCount(selectSlots(operand, rows, selected.address()));
        }
        return selected;
    }

    private static int selectPresent(Operand operand, Rows rows, long indices) {
        int count = rows.count();
        int n = 0;
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            Mem.putInt(indices + 4L * n, row);
            n += !operand.isNull(row) && operand.booleanAt(row) ? 1 : 0;
        }
        return n;
    }

    private static int selectSlots(Operand operand, Rows rows, long indices) {
        int count = rows.count();
        long values = operand.address();
        int n = 0;
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            Mem.putInt(indices + 4L * n, row);
            n += Mem.getByte(values + operand.slot(row));
        }
        return n;
    }

    @Override
    public void close() {
        condition.close();
    }
}
