package io.millrace.operators.interpreted;

import io.millrace.memory.types.DataType;
import io.millrace.operators.function.Exact;
import io.millrace.operators.function.Text;
import io.millrace.operators.kernel.ConstantSet;
import io.millrace.operators.kernel.Operand;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.kernel.Target;
import io.millrace.operators.lowered.Carrier;

/** The kernels that are one short loop. */
final class SmallKernels {
    private SmallKernels() {}

    static void not(Operand[] operands, Rows rows, Target out) {
        for (int i = 0; i < rows.count(); i++) {
            int row = rows.row(i);
            out.putBoolean(row, !operands[0].booleanAt(row));
        }
    }

    /** IS DISTINCT FROM, or its negation. */
    static RowKernel distinct(Carrier carrier, boolean negated) {
        return (operands, rows, out) -> {
            Operand a = operands[0];
            Operand b = operands[1];
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.row(i);
                boolean nullA = a.isNull(row);
                boolean nullB = b.isNull(row);
                boolean same = nullA || nullB ? nullA == nullB : CompareKernel.equal(carrier, a, b, row);
                out.putBoolean(row, same == negated);
            }
        };
    }

    static RowKernel truthTest(boolean wanted, boolean negated) {
        return (operands, rows, out) -> {
            Operand a = operands[0];
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.row(i);
                boolean is = !a.isNull(row) && a.booleanAt(row) == wanted;
                out.putBoolean(row, is != negated);
            }
        };
    }

    static RowKernel nullTest(boolean negated) {
        return (operands, rows, out) -> {
            Operand a = operands[0];
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.row(i);
                out.putBoolean(row, a.isNull(row) != negated);
            }
        };
    }

    /** NULL where the second is true; the first may be of any scalar type. */
    static void nullWhen(Operand[] operands, Rows rows, Target out) {
        Operand value = operands[0];
        Operand condition = operands[1];
        Text text = new Text();
        for (int i = 0; i < rows.count(); i++) {
            int row = rows.row(i);
            if (!condition.isNull(row) && condition.booleanAt(row)) {
                out.putNull(row);
            } else {
                out.copyRow(value, row, text);
            }
        }
    }

    static RowKernel extreme(Carrier carrier, boolean greatest) {
        return (operands, rows, out) -> {
            Text text = new Text();
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.row(i);
                int order = CompareKernel.order(carrier, operands[0], operands[1], row);
                boolean first = greatest ? order >= 0 : order <= 0;
                out.copyRow(operands[first ? 0 : 1], row, text);
            }
        };
    }

    static RowKernel oneOf(Carrier carrier, ConstantSet set) {
        return (operands, rows, out) -> {
            Operand a = operands[0];
            Text text = new Text();
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.row(i);
                boolean in = carrier == Carrier.LONG ? set.contains(a.longAt(row)) : set.contains(a.textAt(row, text));
                out.putBoolean(row, in);
            }
        };
    }

    /** The same value in another layout of the same carrier; of integers within the range of the type. */
    static RowKernel retype(Carrier from, DataType to) {
        Carrier carrier = Carrier.of(to);
        long least = carrier == Carrier.LONG ? Carrier.least(to) : 0;
        long greatest = carrier == Carrier.LONG ? Carrier.greatest(to) : 0;
        return (operands, rows, out) -> {
            Operand a = operands[0];
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.row(i);
                switch (carrier) {
                    case LONG -> out.putLong(row, Exact.check(a.longAt(row), least, greatest, to));
                    case DOUBLE -> out.putDouble(row, a.doubleAt(row));
                    case NANOS -> out.putNanos(row, a.longAt(row), a.nanosAt(row));
                    default -> throw new IllegalStateException("expected a number, found " + from + " to " + to);
                }
            }
        };
    }
}
