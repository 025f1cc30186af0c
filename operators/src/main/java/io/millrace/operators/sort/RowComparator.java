package io.millrace.operators.sort;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.List;

/**
 * Orders rows by sort keys; ties are broken by all columns from the first, so that the order is total up to equal rows.
 */
final class RowComparator {
    private final List<SortKey> keys;

    RowComparator(List<SortKey> keys) {
        this.keys = keys;
    }

    int compare(Batch batchA, int rowA, Batch batchB, int rowB) {
        for (SortKey key : keys) {
            int order = compareKey(key, batchA.column(key.column()), rowA, batchB.column(key.column()), rowB);
            if (order != 0) {
                return order;
            }
        }
        for (int i = 0; i < batchA.columnCount(); i++) {
            Column a = batchA.column(i);
            Column b = batchB.column(i);
            boolean nullA = a.isNull(rowA);
            int order =
                    nullA || b.isNull(rowB) ? Boolean.compare(nullA, b.isNull(rowB)) : compareValues(a, rowA, b, rowB);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int compareKey(SortKey key, Column a, int rowA, Column b, int rowB) {
        boolean nullA = a.isNull(rowA);
        boolean nullB = b.isNull(rowB);
        if (nullA || nullB) {
            int order = Boolean.compare(nullA, nullB);
            return key.nullsFirst() ? -order : order;
        }
        int order = compareValues(a, rowA, b, rowB);
        return key.descending() ? -order : order;
    }

    /**
     * NaN above all numbers, zeros of either sign equal; strings by their UTF-8 bytes; rows and arrays by their
     * elements.
     */
    static int compareValues(Column a, int rowA, Column b, int rowB) {
        return switch (a.type().layout()) {
            case BOOL8, I8, I16, I32, I64 -> Long.compare(a.getLong(rowA), b.getLong(rowB));
            case F32, F64 -> {
                double x = a.getDouble(rowA);
                double y = b.getDouble(rowB);
                yield x == y ? 0 : Double.compare(x, y);
            }
            case I128 -> {
                long x = a.valueAddress(rowA);
                long y = b.valueAddress(rowB);
                int order = Long.compare(Mem.getLong(x + 8), Mem.getLong(y + 8));
                yield order != 0 ? order : Long.compareUnsigned(Mem.getLong(x), Mem.getLong(y));
            }
            case NANOS -> {
                long x = a.valueAddress(rowA);
                long y = b.valueAddress(rowB);
                int order = Long.compare(Mem.getLong(x), Mem.getLong(y));
                yield order != 0 ? order : Integer.compare(Mem.getInt(x + 8), Mem.getInt(y + 8));
            }
            case VIEW ->
                    Mem.compareBytes(
                            a.getBytesAddress(rowA),
                            a.getBytesLength(rowA),
                            b.getBytesAddress(rowB),
                            b.getBytesLength(rowB));
            case STRUCT, LIST -> throw new MillraceException(ErrorCode.UNSUPPORTED, "no order of " + a.type());
        };
    }
}
