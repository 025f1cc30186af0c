package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import java.util.Locale;

/**
 * MIN and MAX of fixed-width values that are only added: i64 whether there is one, then the value, ordered as a signed
 * integer of 64 or 128 bits. Doubles are mapped to integers that order alike, NaN above all others.
 */
final class FixedExtremum implements Accumulator {
    private final boolean max;
    private final Layout layout;
    private final boolean wide;
    private final boolean floating;

    FixedExtremum(boolean max, DataType type) {
        this.max = max;
        this.layout = type.layout();
        this.wide = layout == Layout.I128 || layout == Layout.NANOS;
        this.floating = layout == Layout.F32 || layout == Layout.F64;
    }

    @Override
    public int bytes() {
        return wide ? 24 : 16;
    }

    /** An order-preserving integer; its own inverse on the bits. */
    private static long ordered(long bits) {
        return bits ^ bits >> 63 & Long.MAX_VALUE;
    }

    private long low(Column argument, int row) {
        if (floating) {
            double value = argument.getDouble(row);
            return ordered(Double.doubleToLongBits(value == 0 ? 0 : value));
        }
        return wide ? Mem.getLong(argument.valueAddress(row)) : argument.getLong(row);
    }

    private long high(Column argument, int row) {
        return wide ? Mem.getLong(argument.valueAddress(row) + 8) : 0;
    }

    @Override
    public String layout() {
        return (max ? "max:" : "min:") + layout.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void update(Column argument, RowSet rows, int offset) {
        if (layout == Layout.I64 && argument.encoding() == Encoding.FLAT) {
            updateLongs(argument.valuesAddress(), rows, offset);
            return;
        }
        for (int i = 0; i < rows.count; i++) {
            int row = rows.row(i);
            offer(rows.target(i) + offset, low(argument, row), high(argument, row));
        }
    }

    private void updateLongs(long values, RowSet rows, int offset) {
        long selection = rows.selection;
        long targets = rows.rows;
        int count = rows.count;
        // MIN is MAX of the complement: one comparison for both.
        long flip = max ? 0 : -1;
        for (int i = 0; i < count; i++) {
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            long at = Mem.getLong(targets + 8L * i) + offset;
            long value = Mem.getLong(values + 8L * row);
            if (Mem.getLong(at) == 0) {
                Mem.putLong(at, 1);
                Mem.putLong(at + 8, value);
            } else if ((value ^ flip) > (Mem.getLong(at + 8) ^ flip)) {
                Mem.putLong(at + 8, value);
            }
        }
    }

    @Override
    public void updateOne(Column argument, RowSet rows, long address) {
        if (rows.count == 0) {
            return;
        }
        if (layout == Layout.I64 && argument.encoding() == Encoding.FLAT) {
            long values = argument.valuesAddress();
            long best = Mem.getLong(values + 8L * rows.row(0));
            for (int i = 1; i < rows.count; i++) {
                long value = Mem.getLong(values + 8L * rows.row(i));
                best = max ? Math.max(best, value) : Math.min(best, value);
            }
            offer(address, best, 0);
            return;
        }
        for (int i = 0; i < rows.count; i++) {
            int row = rows.row(i);
            offer(address, low(argument, row), high(argument, row));
        }
    }

    private void offer(long at, long low, long high) {
        if (Mem.getLong(at) != 0) {
            int order;
            if (layout == Layout.I128) {
                order = Long.compare(high, Mem.getLong(at + 16));
                order = order != 0 ? order : Long.compareUnsigned(low, Mem.getLong(at + 8));
            } else {
                order = Long.compare(low, Mem.getLong(at + 8));
                order = order != 0 || !wide ? order : Long.compare(high, Mem.getLong(at + 16));
            }
            if (max ? order <= 0 : order >= 0) {
                return;
            }
        }
        Mem.putLong(at, 1);
        Mem.putLong(at + 8, low);
        if (wide) {
            Mem.putLong(at + 16, high);
        }
    }

    @Override
    public void merge(Accumulator source, long from, long to) {
        if (Mem.getLong(from) != 0) {
            offer(to, Mem.getLong(from + 8), wide ? Mem.getLong(from + 16) : 0);
        }
    }

    @Override
    public void append(long rowsAddress, int count, int offset, ColumnBuilder results) {
        for (int i = 0; i < count; i++) {
            long at = Mem.getLong(rowsAddress + 8L * i) + offset;
            if (Mem.getLong(at) == 0) {
                results.appendNull();
            } else if (floating) {
                results.appendDouble(Double.longBitsToDouble(ordered(Mem.getLong(at + 8))));
            } else if (layout == Layout.I128) {
                results.appendInt128(Mem.getLong(at + 16), Mem.getLong(at + 8));
            } else if (layout == Layout.NANOS) {
                results.appendNanos(Mem.getLong(at + 8), (int) Mem.getLong(at + 16));
            } else {
                results.appendLong(Mem.getLong(at + 8));
            }
        }
    }
}
