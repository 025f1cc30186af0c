package io.millrace.operators.interpreted;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import io.millrace.operators.function.Exact;
import io.millrace.operators.kernel.Kernels;
import io.millrace.operators.kernel.Operand;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.kernel.Target;
import io.millrace.operators.lowered.Carrier;

/** {@code + - * / %} over two integers or two floating-point numbers. */
final class ArithmeticKernel implements RowKernel {
    private final Kernels kernels = Kernels.BEST;
    private final char operator;
    private final DataType type;
    private final boolean integers;
    private final long least;
    private final long greatest;

    ArithmeticKernel(char operator, DataType type) {
        this.operator = operator;
        this.type = type;
        this.integers = Carrier.of(type) == Carrier.LONG;
        this.least = integers ? Carrier.least(type) : 0;
        this.greatest = integers ? Carrier.greatest(type) : 0;
    }

    @Override
    public void run(Operand[] operands, Rows rows, Target out) {
        if (integers) {
            runLongs(operands[0], operands[1], rows, out);
        } else {
            runDoubles(operands[0], operands[1], rows, out);
        }
    }

    private static boolean isBulk(Operand a, Operand b, Rows rows, Target out, Layout layout) {
        return rows.isDense()
                && rows.count() > 1
                && a.isFlat()
                && (b.isFlat() || b.isConstant())
                && a.layout() == layout
                && b.layout() == layout
                && out.type().layout() == layout;
    }

    private void runLongs(Operand a, Operand b, Rows rows, Target out) {
        int count = rows.count();
        boolean unbounded = least == Long.MIN_VALUE;
        if (unbounded && (operator == '+' || operator == '-') && isBulk(a, b, rows, out, Layout.I64)) {
            boolean overflow =
                    operator == '+'
                            ? kernels.addLongs(a.address(), b.address(), b.slotMask(), out.address(), count)
                            : kernels.subtractLongs(a.address(), b.address(), b.slotMask(), out.address(), count);
            if (!overflow) {
                return;
            }
        }
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            long x = a.longAt(row);
            long y = b.longAt(row);
            long result =
                    switch (operator) {
                        case '+' -> Exact.add(x, y, type);
                        case '-' -> Exact.subtract(x, y, type);
                        case '*' -> Exact.multiply(x, y, type);
                        case '/' -> Exact.divide(x, y, type);
                        default -> Exact.modulo(x, y);
                    };
            if (result < least || result > greatest) {
                throw Exact.outOfRange(x, operator, y, type);
            }
            out.putLong(row, result);
        }
    }

    private void runDoubles(Operand a, Operand b, Rows rows, Target out) {
        int count = rows.count();
        if ((operator == '+' || operator == '-' || operator == '*') && isBulk(a, b, rows, out, Layout.F64)) {
            switch (operator) {
                case '+' -> kernels.addDoubles(a.address(), b.address(), b.slotMask(), out.address(), count);
                case '-' -> kernels.subtractDoubles(a.address(), b.address(), b.slotMask(), out.address(), count);
                default -> kernels.multiplyDoubles(a.address(), b.address(), b.slotMask(), out.address(), count);
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            double x = a.doubleAt(row);
            double y = b.doubleAt(row);
            double result =
                    switch (operator) {
                        case '+' -> x + y;
                        case '-' -> x - y;
                        case '*' -> x * y;
                        case '/' -> x / y;
                        default -> x % y;
                    };
            out.putDouble(row, result);
        }
    }
}
