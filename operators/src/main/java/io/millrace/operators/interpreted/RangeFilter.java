package io.millrace.operators.interpreted;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import io.millrace.operators.kernel.Comparison;
import io.millrace.operators.kernel.Kernels;
import io.millrace.operators.kernel.LongRange;
import io.millrace.operators.kernel.Operand;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.lowered.Carrier;

/** A comparison of a number with a constant, straight to the rows for which it holds. */
final class RangeFilter implements Filter {
    private final Kernels kernels = Kernels.BEST;
    private final Node value;
    private final Comparison operator;
    private final boolean integers;
    private final LongRange longs;
    private final LongRange ints;
    private final double constant;

    /** {@code value operator constant}; the value is LONG or DOUBLE carried, the constant of the like and not NULL. */
    RangeFilter(Node value, Comparison operator, DataType type, Object constant) {
        this.value = value;
        this.operator = operator;
        this.integers = Carrier.of(type) == Carrier.LONG;
        this.constant = integers ? 0 : ((Number) constant).doubleValue();
        long number = integers ? (Long) constant : 0;
        this.longs = LongRange.of(operator, number, 64);
        this.ints = number == (int) number ? LongRange.of(operator, number, 32) : null;
    }

    @Override
    public Rows select(Frame frame, Rows rows) {
        Column column = value.evaluate(frame, rows);
        try {
            return select(frame.allocator(), new Operand().set(column), rows);
        } finally {
            column.release();
        }
    }

    private Rows select(Allocator allocator, Operand operand, Rows rows) {
        Rows selected = Rows.allocate(allocator, rows.count());
        int count = rows.count();
        long to = selected.address();
        boolean bulk = rows.isDense() && operand.isFlat();
        Layout layout = operand.layout();
        if (bulk && layout == Layout.I64) {
            selected.setCount(
                    longs.empty() ? 0 : kernels.selectLongs(operand.address(), count, longs.low(), longs.span(), to));
        } else if (bulk && layout == Layout.I32 && ints != null) {
            int low = (int) ints.low();
            int span = (int) ints.span();
            selected.setCount(ints.empty() ? 0 : kernels.selectInts(operand.address(), count, low, span, to));
        } else if (bulk && layout == Layout.F64) {
            selected.setCount(selectDoubles(operand.address(), count, to));
        } else if (integers) {
            selected.setCount(longs.empty() ? 0 : selectLongs(operand, rows, to));
        } else {
            selected.setCount(selectDoubles(operand, rows, to));
        }
        if (operand.hasNulls()) {
            selected.setCount(dropNulls(operand, selected));
        }
        return selected;
    }

    private int selectLongs(Operand operand, Rows rows, long to) {
        int count = rows.count();
        long low = longs.low();
        long limit = longs.span() + Long.MIN_VALUE;
        int n = 0;
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            Mem.putInt(to + 4L * n, row);
            n += operand.longAt(row) - low + Long.MIN_VALUE <= limit ? 1 : 0;
        }
        return n;
    }

    private int selectDoubles(Operand operand, Rows rows, long to) {
        int count = rows.count();
        int n = 0;
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            Mem.putInt(to + 4L * n, row);
            n += operator.holds(operand.doubleAt(row), constant) ? 1 : 0;
        }
        return n;
    }

    /** Every comparison with a double but {@code <>} is a closed range. With NaN only {@code <>} holds. */
    private int selectDoubles(long values, int count, long to) {
        double infinity = Double.POSITIVE_INFINITY;
        return switch (operator) {
            case EQUAL -> kernels.selectDoubles(values, count, constant, constant, false, to);
            case NOT_EQUAL -> kernels.selectDoubles(values, count, constant, constant, true, to);
            case LESS ->
                    constant == -infinity || Double.isNaN(constant)
                            ? 0
                            : kernels.selectDoubles(values, count, -infinity, Math.nextDown(constant), false, to);
            case LESS_OR_EQUAL -> kernels.selectDoubles(values, count, -infinity, constant, false, to);
            case GREATER ->
                    constant == infinity || Double.isNaN(constant)
                            ? 0
                            : kernels.selectDoubles(values, count, Math.nextUp(constant), infinity, false, to);
            case GREATER_OR_EQUAL -> kernels.selectDoubles(values, count, constant, infinity, false, to);
        };
    }

    /** The value under a NULL is zero and may have been selected. */
    private static int dropNulls(Operand operand, Rows selected) {
        int count = selected.count();
        int n = 0;
        for (int i = 0; i < count; i++) {
            int row = selected.row(i);
            Mem.putInt(selected.address() + 4L * n, row);
            n += operand.isNull(row) ? 0 : 1;
        }
        return n;
    }

    @Override
    public void close() {
        value.close();
    }
}
