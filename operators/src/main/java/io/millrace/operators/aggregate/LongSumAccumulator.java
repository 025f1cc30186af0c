package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import io.millrace.memory.types.TypeKind;

/**
 * SUM of integers: i64 sum, then, where there may be no value, i64 count of values. A sum past the range of BIGINT is
 * an error.
 */
final class LongSumAccumulator implements Accumulator {
    private final DataType resultType;
    private final boolean counted;

    LongSumAccumulator(DataType resultType, boolean counted) {
        this.resultType = resultType;
        this.counted = counted;
    }

    @Override
    public int bytes() {
        return counted ? 16 : 8;
    }

    @Override
    public void update(Column argument, RowSet rows, int offset) {
        if (rows.weights == 0 && argument.encoding() == Encoding.FLAT && argument.type().layout() == Layout.I64) {
            updateLongs(argument.valuesAddress(), rows, offset);
        } else {
            for (int i = 0; i < rows.count; i++) {
                add(rows.target(i) + offset, argument.getLong(rows.row(i)), rows.weight(i));
            }
        }
    }

    private void updateLongs(long values, RowSet rows, int offset) {
        long selection = rows.selection;
        long targets = rows.rows;
        int count = rows.count;
        long overflow = 0;
        boolean counts = counted;
        for (int i = 0; i < count; i++) {
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            long at = Mem.getLong(targets + 8L * i) + offset;
            long value = Mem.getLong(values + 8L * row);
            long before = Mem.getLong(at);
            long after = before + value;
            overflow |= (before ^ after) & (value ^ after);
            Mem.putLong(at, after);
            if (counts) {
                Mem.putLong(at + 8, Mem.getLong(at + 8) + 1);
            }
        }
        if (overflow < 0) {
            throw overflow();
        }
    }

    private void add(long at, long value, long weight) {
        try {
            Mem.putLong(at, Math.addExact(Mem.getLong(at), Math.multiplyExact(value, weight)));
        } catch (ArithmeticException outOfRange) {
            throw overflow();
        }
        if (counted) {
            Mem.putLong(at + 8, Mem.getLong(at + 8) + weight);
        }
    }

    private static MillraceException overflow() {
        return new MillraceException(ErrorCode.DATA_EXCEPTION, "SUM is out of the range of BIGINT")
                .withHelp("Sum a DECIMAL: SUM(CAST(x AS DECIMAL(38, 0))).");
    }

    @Override
    public void updateOne(Column argument, RowSet rows, long address) {
        if (rows.weights != 0 || argument.encoding() != Encoding.FLAT || argument.type().layout() != Layout.I64) {
            for (int i = 0; i < rows.count; i++) {
                add(address, argument.getLong(rows.row(i)), rows.weight(i));
            }
            return;
        }
        long values = argument.valuesAddress();
        long selection = rows.selection;
        int count = rows.count;
        long sum = 0;
        long high = 0;
        for (int i = 0; i < count; i++) {
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            long value = Mem.getLong(values + 8L * row);
            sum += value;
            high += value >> 32;
        }
        // The upper halves, summed apart, tell whether the whole sum may have left the range of a long.
        if (high >= 1L << 30 || high <= -(1L << 30)) {
            sum = sumExactly(values, selection, count);
        }
        add(address, sum, 1);
        if (counted) {
            Mem.putLong(address + 8, Mem.getLong(address + 8) + count - 1);
        }
    }

    private static long sumExactly(long values, long selection, int count) {
        long sum = 0;
        try {
            for (int i = 0; i < count; i++) {
                int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
                sum = Math.addExact(sum, Mem.getLong(values + 8L * row));
            }
        } catch (ArithmeticException outOfRange) {
            throw overflow();
        }
        return sum;
    }

    @Override
    public void merge(Accumulator source, long from, long to) {
        add(to, Mem.getLong(from), 1);
        if (counted) {
            Mem.putLong(to + 8, Mem.getLong(to + 8) - 1 + Mem.getLong(from + 8));
        }
    }

    @Override
    public void append(long rowsAddress, int count, int offset, ColumnBuilder results) {
        if (!counted && resultType.layout() == Layout.I64) {
            results.reserve(count);
            long to = results.valuesAddress() + 8L * results.rowCount();
            for (int i = 0; i < count; i++) {
                Mem.putLong(to + 8L * i, Mem.getLong(Mem.getLong(rowsAddress + 8L * i) + offset));
            }
            results.advance(count, 0);
            return;
        }
        for (int i = 0; i < count; i++) {
            long at = Mem.getLong(rowsAddress + 8L * i) + offset;
            if (counted && Mem.getLong(at + 8) == 0) {
                results.appendNull();
            } else {
                results.appendLong(checkRange(Mem.getLong(at)));
            }
        }
    }

    private long checkRange(long sum) {
        int bits = resultType.layout().widthBytes() * 8;
        if (bits < 64 && sum >> (bits - 1) != 0 && sum >> (bits - 1) != -1 && resultType.kind() != TypeKind.BIGINT) {
            throw new MillraceException(
                            ErrorCode.DATA_EXCEPTION, "SUM is out of the range of " + resultType.kind() + ": " + sum)
                    .withHelp("Sum a BIGINT: SUM(CAST(x AS BIGINT)).");
        }
        return sum;
    }
}
