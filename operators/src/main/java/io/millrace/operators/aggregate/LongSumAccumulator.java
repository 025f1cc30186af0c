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
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * SUM of integers. Only what comes out must be in range, so that the order of the values does not matter.
 *
 * <pre>
 *   i64 low, signed | i64 overflows: the sum is low + overflows * 2^64 | where there may be no value, i64 count of values
 * </pre>
 *
 * The result may be a DECIMAL of scale 0, which holds what BIGINT does not: the sum of a part of the rows.
 */
final class LongSumAccumulator implements Accumulator {
    private static final int COUNT = 16;

    private final DataType resultType;
    private final boolean counted;

    LongSumAccumulator(DataType resultType, boolean counted) {
        this.resultType = resultType;
        this.counted = counted;
    }

    @Override
    public int bytes() {
        return counted ? 24 : 16;
    }

    @Override
    public String layout() {
        return counted ? "sum-counted" : "sum";
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
        boolean counts = counted;
        for (int i = 0; i < count; i++) {
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            long at = Mem.getLong(targets + 8L * i) + offset;
            long value = Mem.getLong(values + 8L * row);
            long before = Mem.getLong(at);
            long after = before + value;
            Mem.putLong(at, after);
            if (((before ^ after) & (value ^ after)) < 0) {
                overflow(at, after);
            }
            if (counts) {
                Mem.putLong(at + COUNT, Mem.getLong(at + COUNT) + 1);
            }
        }
    }

    /** Counts an overflow: one past the largest number turned negative, one past the smallest positive. */
    private static void overflow(long at, long after) {
        Mem.putLong(at + 8, Mem.getLong(at + 8) + (after < 0 ? 1 : -1));
    }

    private static void addWide(long at, long low, long overflows) {
        long before = Mem.getLong(at);
        long after = before + low;
        Mem.putLong(at, after);
        Mem.putLong(at + 8, Mem.getLong(at + 8) + overflows);
        if (((before ^ after) & (low ^ after)) < 0) {
            overflow(at, after);
        }
    }

    private void add(long at, long value, long weight) {
        long low = value * weight;
        // The high half of the product belongs to an unsigned low one.
        addWide(at, low, Math.multiplyHigh(value, weight) + (low < 0 ? 1 : 0));
        if (counted) {
            Mem.putLong(at + COUNT, Mem.getLong(at + COUNT) + weight);
        }
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
            for (int i = 0; i < count; i++) {
                int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
                addWide(address, Mem.getLong(values + 8L * row), 0);
            }
        } else {
            addWide(address, sum, 0);
        }
        if (counted) {
            Mem.putLong(address + COUNT, Mem.getLong(address + COUNT) + count);
        }
    }

    @Override
    public void merge(Accumulator source, long from, long to) {
        addWide(to, Mem.getLong(from), Mem.getLong(from + 8));
        if (counted) {
            Mem.putLong(to + COUNT, Mem.getLong(to + COUNT) + Mem.getLong(from + COUNT));
        }
    }

    @Override
    public void append(long rowsAddress, int count, int offset, ColumnBuilder results) {
        if (!counted && resultType.layout() == Layout.I64) {
            appendLongs(rowsAddress, count, offset, results);
            return;
        }
        for (int i = 0; i < count; i++) {
            long at = Mem.getLong(rowsAddress + 8L * i) + offset;
            if (counted && Mem.getLong(at + COUNT) == 0) {
                results.appendNull();
            } else if (resultType.kind() == TypeKind.DECIMAL) {
                results.appendObject(new BigDecimal(wide(at)));
            } else {
                results.appendLong(checkRange(at));
            }
        }
    }

    private static void appendLongs(long rowsAddress, int count, int offset, ColumnBuilder results) {
        results.reserve(count);
        long to = results.valuesAddress() + 8L * results.rowCount();
        long overflows = 0;
        for (int i = 0; i < count; i++) {
            long at = Mem.getLong(rowsAddress + 8L * i) + offset;
            overflows |= Mem.getLong(at + 8);
            Mem.putLong(to + 8L * i, Mem.getLong(at));
        }
        if (overflows != 0) {
            throw outOfBigint();
        }
        results.advance(count, 0);
    }

    private static BigInteger wide(long at) {
        return BigInteger.valueOf(Mem.getLong(at + 8)).shiftLeft(64).add(BigInteger.valueOf(Mem.getLong(at)));
    }

    private long checkRange(long at) {
        long sum = Mem.getLong(at);
        if (Mem.getLong(at + 8) != 0) {
            throw resultType.kind() == TypeKind.BIGINT ? outOfBigint() : outOfRange(resultType, wide(at));
        }
        int bits = resultType.layout().widthBytes() * 8;
        if (bits < 64 && sum >> (bits - 1) != 0 && sum >> (bits - 1) != -1) {
            throw outOfRange(resultType, BigInteger.valueOf(sum));
        }
        return sum;
    }

    /** A sum that is in the range of the integer type. */
    static long checked(BigInteger sum, DataType type) {
        if (sum.bitLength() >= type.layout().widthBytes() * 8) {
            throw type.kind() == TypeKind.BIGINT ? outOfBigint() : outOfRange(type, sum);
        }
        return sum.longValueExact();
    }

    private static MillraceException outOfBigint() {
        return new MillraceException(ErrorCode.DATA_EXCEPTION, "SUM is out of the range of BIGINT")
                .withHelp("Sum a DECIMAL: SUM(CAST(x AS DECIMAL(38, 0))).");
    }

    private static MillraceException outOfRange(DataType type, BigInteger sum) {
        return new MillraceException(ErrorCode.DATA_EXCEPTION, "SUM is out of the range of " + type.kind() + ": " + sum)
                .withHelp("Sum a BIGINT: SUM(CAST(x AS BIGINT)).");
    }
}
