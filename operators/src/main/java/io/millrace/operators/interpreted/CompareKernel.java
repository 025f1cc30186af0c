package io.millrace.operators.interpreted;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.View;
import io.millrace.operators.kernel.Comparison;
import io.millrace.operators.kernel.Operand;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.kernel.Target;
import io.millrace.operators.lowered.Carrier;

/** A comparison of two values of one carrier. */
final class CompareKernel implements RowKernel {
    private final Comparison operator;
    private final Carrier carrier;

    CompareKernel(Comparison operator, Carrier carrier) {
        this.operator = operator;
        this.carrier = carrier;
    }

    @Override
    public void run(Operand[] operands, Rows rows, Target out) {
        Operand a = operands[0];
        Operand b = operands[1];
        switch (carrier) {
            case LONG -> runLongs(a, b, rows, out);
            case DOUBLE -> runDoubles(a, b, rows, out);
            case TEXT -> runTexts(a, b, rows, out);
            default -> {
                for (int i = 0; i < rows.count(); i++) {
                    int row = rows.row(i);
                    out.putBoolean(row, operator.holds(order(carrier, a, b, row)));
                }
            }
        }
    }

    private void runLongs(Operand a, Operand b, Rows rows, Target out) {
        int count = rows.count();
        long to = out.address();
        boolean equality = operator == Comparison.EQUAL || operator == Comparison.NOT_EQUAL;
        int flip =
                operator == Comparison.NOT_EQUAL
                                || operator == Comparison.GREATER
                                || operator == Comparison.GREATER_OR_EQUAL
                        ? 1
                        : 0;
        int strictly = operator == Comparison.LESS || operator == Comparison.GREATER_OR_EQUAL ? 0 : 1;
        if (equality) {
            for (int i = 0; i < count; i++) {
                int row = rows.row(i);
                Mem.putByte(to + row, (byte) ((a.longAt(row) == b.longAt(row) ? 1 : 0) ^ flip));
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            Mem.putByte(to + row, (byte) ((Long.compare(a.longAt(row), b.longAt(row)) < strictly ? 1 : 0) ^ flip));
        }
    }

    private void runDoubles(Operand a, Operand b, Rows rows, Target out) {
        int count = rows.count();
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            out.putBoolean(row, operator.holds(a.doubleAt(row), b.doubleAt(row)));
        }
    }

    private void runTexts(Operand a, Operand b, Rows rows, Target out) {
        int count = rows.count();
        boolean equality = operator == Comparison.EQUAL || operator == Comparison.NOT_EQUAL;
        for (int i = 0; i < count; i++) {
            int row = rows.row(i);
            long viewA = a.address() + (long) View.WIDTH_BYTES * a.slot(row);
            long viewB = b.address() + (long) View.WIDTH_BYTES * b.slot(row);
            boolean result =
                    equality
                            ? View.same(viewA, a.dataAddresses(), viewB, b.dataAddresses())
                                    == (operator == Comparison.EQUAL)
                            : operator.holds(View.compare(viewA, a.dataAddresses(), viewB, b.dataAddresses()));
            out.putBoolean(row, result);
        }
    }

    /** The sign of the first value less the second; neither is NULL. NaN is equal to itself and above all. */
    static int order(Carrier carrier, Operand a, Operand b, int row) {
        return switch (carrier) {
            case BOOLEAN -> Boolean.compare(a.booleanAt(row), b.booleanAt(row));
            case LONG -> Long.compare(a.longAt(row), b.longAt(row));
            case DOUBLE -> Double.compare(a.doubleAt(row) + 0.0, b.doubleAt(row) + 0.0);
            case WIDE -> {
                int high = Long.compare(a.highAt(row), b.highAt(row));
                yield high != 0 ? high : Long.compareUnsigned(a.lowAt(row), b.lowAt(row));
            }
            case NANOS -> {
                int micros = Long.compare(a.longAt(row), b.longAt(row));
                yield micros != 0 ? micros : Integer.compare(a.nanosAt(row), b.nanosAt(row));
            }
            case TEXT ->
                    View.compare(
                            a.address() + (long) View.WIDTH_BYTES * a.slot(row),
                            a.dataAddresses(),
                            b.address() + (long) View.WIDTH_BYTES * b.slot(row),
                            b.dataAddresses());
            case NESTED -> NestedOrder.compare(a.column(), row, b.column(), row);
        };
    }

    /** Whether the values are equal as {@code =} has it. */
    static boolean equal(Carrier carrier, Operand a, Operand b, int row) {
        return carrier == Carrier.DOUBLE
                ? Comparison.EQUAL.holds(a.doubleAt(row), b.doubleAt(row))
                : order(carrier, a, b, row) == 0;
    }
}
