package io.millrace.operators.sort;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.Schema;
import io.millrace.state.tier.RowOrder;
import java.util.List;

/**
 * Orders rows by sort keys; ties are broken by all columns from the first, so that the order is total up to equal rows.
 */
final class RowComparator implements RowOrder {
    private final List<SortKey> keys;

    /** The key that decides before all others; null where there is no column. */
    private final SortKey first;

    RowComparator(Schema schema, List<SortKey> keys) {
        this.keys = keys;
        if (!keys.isEmpty()) {
            this.first = keys.getFirst();
        } else {
            this.first = schema.size() == 0 ? null : new SortKey(0, false, false);
        }
    }

    @Override
    public int compare(Batch batchA, int rowA, Batch batchB, int rowB) {
        for (SortKey key : keys) {
            int order = compareKey(key, batchA.column(key.column()), rowA, batchB.column(key.column()), rowB);
            if (order != 0) {
                return order;
            }
        }
        for (int i = 0; i < batchA.columnCount(); i++) {
            int order = compareNullable(batchA.column(i), rowA, batchB.column(i), rowB);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    @Override
    public long prefix(Batch batch, int row) {
        if (first == null) {
            return 0;
        }
        Column column = batch.column(first.column());
        if (column.isNull(row)) {
            return first.nullsFirst() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        long prefix = prefix(column, row);
        return first.descending() ? ~prefix : prefix;
    }

    /** What there is of a value in 64 bits, or the bound on the side where it does not fit. */
    private static long prefix(Column column, int row) {
        return switch (column.type().layout()) {
            case BOOL8, I8, I16, I32, I64 -> column.getLong(row);
            case F32, F64 -> {
                double value = column.getDouble(row);
                long bits = Double.doubleToLongBits(value == 0 ? 0.0 : value);
                yield bits < 0 ? bits ^ Long.MAX_VALUE : bits;
            }
            case I128 -> {
                long at = column.valueAddress(row);
                long low = Mem.getLong(at);
                long high = Mem.getLong(at + 8);
                yield high == low >> 63 ? low : high < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
            case NANOS -> Mem.getLong(column.valueAddress(row));
            case VIEW -> {
                long at = column.getBytesAddress(row);
                int length = column.getBytesLength(row);
                long bytes = 0;
                for (int i = 0; i < Math.min(length, Long.BYTES); i++) {
                    bytes |= (Mem.getByte(at + i) & 0xffL) << 56 - 8 * i;
                }
                yield bytes ^ Long.MIN_VALUE;
            }
            case STRUCT, LIST -> 0;
        };
    }

    /** NULL last. */
    private static int compareNullable(Column a, int rowA, Column b, int rowB) {
        boolean nullA = a.isNull(rowA);
        boolean nullB = b.isNull(rowB);
        return nullA || nullB ? Boolean.compare(nullA, nullB) : compareValues(a, rowA, b, rowB);
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
     * NaN above all numbers, zeros of either sign equal; strings by their UTF-8 bytes; rows, arrays and maps by their
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
            case STRUCT -> compareFields(a.valueColumn(), a.valueIndex(rowA), b.valueColumn(), b.valueIndex(rowB));
            case LIST -> compareElements(a.valueColumn(), a.valueIndex(rowA), b.valueColumn(), b.valueIndex(rowB));
        };
    }

    private static int compareFields(Column a, int rowA, Column b, int rowB) {
        for (int i = 0; i < a.childCount(); i++) {
            int order = compareNullable(a.child(i), rowA, b.child(i), rowB);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** The first elements that differ decide; else the shorter one is first. A MAP is a list of its entries. */
    private static int compareElements(Column a, int rowA, Column b, int rowB) {
        int i = a.listStart(rowA);
        int k = b.listStart(rowB);
        int endA = a.listEnd(rowA);
        int endB = b.listEnd(rowB);
        for (; i < endA && k < endB; i++, k++) {
            int order = compareNullable(a.child(0), i, b.child(0), k);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(endA - i, endB - k);
    }
}
