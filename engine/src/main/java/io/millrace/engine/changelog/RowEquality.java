package io.millrace.engine.changelog;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.View;

/**
 * Whether rows of two batches of one schema are the same, as GROUP BY has it: NULL is NULL, NaN is NaN, 0.0 is -0.0.
 */
public final class RowEquality {
    private RowEquality() {}

    /** Whether the two rows agree in these columns. */
    public static boolean same(Batch a, int rowA, Batch b, int rowB, int[] columns) {
        for (int column : columns) {
            if (!sameValue(a.column(column), rowA, b.column(column), rowB)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameValue(Column a, int rowA, Column b, int rowB) {
        boolean nullA = a.isNull(rowA);
        if (nullA || b.isNull(rowB)) {
            return nullA && b.isNull(rowB);
        }
        return switch (a.type().layout()) {
            case BOOL8, I8, I16, I32, I64 -> a.getLong(rowA) == b.getLong(rowB);
            case F32, F64 -> sameDouble(a.getDouble(rowA), b.getDouble(rowB));
            case I128, NANOS -> sameWords(a.valueAddress(rowA), b.valueAddress(rowB));
            case VIEW ->
                    View.same(
                            a.valueAddress(rowA),
                            a.valueColumn().dataAddresses(),
                            b.valueAddress(rowB),
                            b.valueColumn().dataAddresses());
            case LIST -> sameList(a, rowA, b, rowB);
            case STRUCT -> sameStruct(a, rowA, b, rowB);
        };
    }

    private static boolean sameDouble(double a, double b) {
        return a == b || (Double.isNaN(a) && Double.isNaN(b));
    }

    private static boolean sameWords(long a, long b) {
        return Mem.getLong(a) == Mem.getLong(b) && Mem.getLong(a + 8) == Mem.getLong(b + 8);
    }

    private static boolean sameList(Column a, int rowA, Column b, int rowB) {
        int startA = a.listStart(rowA);
        int startB = b.listStart(rowB);
        int length = a.listEnd(rowA) - startA;
        if (length != b.listEnd(rowB) - startB) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (!sameValue(a.child(0), startA + i, b.child(0), startB + i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameStruct(Column a, int rowA, Column b, int rowB) {
        Column valuesA = a.valueColumn();
        Column valuesB = b.valueColumn();
        int indexA = a.valueIndex(rowA);
        int indexB = b.valueIndex(rowB);
        for (int i = 0; i < valuesA.childCount(); i++) {
            if (!sameValue(valuesA.child(i), indexA, valuesB.child(i), indexB)) {
                return false;
            }
        }
        return true;
    }
}
