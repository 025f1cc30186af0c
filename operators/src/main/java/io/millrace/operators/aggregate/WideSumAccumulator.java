package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import io.millrace.memory.types.TypeKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** SUM of DECIMAL and AVG of integers and DECIMAL: i64 count of values, i128 sum of unscaled values. */
final class WideSumAccumulator implements Accumulator {
    private final boolean average;
    private final DataType argumentType;
    private final DataType resultType;

    WideSumAccumulator(boolean average, DataType argumentType, DataType resultType) {
        this.average = average;
        this.argumentType = argumentType;
        this.resultType = resultType;
    }

    @Override
    public int bytes() {
        return 24;
    }

    @Override
    public String layout() {
        return "sum-wide:" + argumentType.scale();
    }

    @Override
    public void update(Column argument, RowSet rows, int offset) {
        for (int i = 0; i < rows.count; i++) {
            add(argument, rows.row(i), rows.weight(i), rows.target(i) + offset);
        }
    }

    @Override
    public void updateOne(Column argument, RowSet rows, long address) {
        for (int i = 0; i < rows.count; i++) {
            add(argument, rows.row(i), rows.weight(i), address);
        }
    }

    private static void add(Column argument, int row, long weight, long at) {
        long low;
        long high;
        if (argument.type().layout() == Layout.I128) {
            long from = argument.valueAddress(row);
            low = Mem.getLong(from);
            high = Mem.getLong(from + 8);
        } else {
            low = argument.getLong(row);
            high = low >> 63;
        }
        if (weight != 1) {
            long product = low * weight;
            high = high * weight + Math.unsignedMultiplyHigh(low, weight) - (weight < 0 ? low : 0);
            low = product;
        }
        Mem.putLong(at, Mem.getLong(at) + weight);
        addWide(at + 8, low, high);
    }

    private static void addWide(long at, long low, long high) {
        long beforeLow = Mem.getLong(at);
        long beforeHigh = Mem.getLong(at + 8);
        long afterLow = beforeLow + low;
        long carry = Long.compareUnsigned(afterLow, beforeLow) < 0 ? 1 : 0;
        long afterHigh = beforeHigh + high + carry;
        if (((beforeHigh ^ afterHigh) & (high ^ afterHigh)) < 0) {
            throw new MillraceException(ErrorCode.DATA_EXCEPTION, "a sum of DECIMAL is out of range");
        }
        Mem.putLong(at, afterLow);
        Mem.putLong(at + 8, afterHigh);
    }

    @Override
    public void merge(Accumulator source, long from, long to) {
        Mem.putLong(to, Mem.getLong(to) + Mem.getLong(from));
        addWide(to + 8, Mem.getLong(from + 8), Mem.getLong(from + 16));
    }

    @Override
    public void append(long rowsAddress, int count, int offset, ColumnBuilder results) {
        for (int i = 0; i < count; i++) {
            long at = Mem.getLong(rowsAddress + 8L * i) + offset;
            long values = Mem.getLong(at);
            if (values == 0) {
                results.appendNull();
                continue;
            }
            BigInteger sum =
                    new BigInteger(Long.toUnsignedString(Mem.getLong(at + 8)))
                            .add(BigInteger.valueOf(Mem.getLong(at + 16)).shiftLeft(64));
            if (resultType.kind() == TypeKind.DECIMAL) {
                appendDecimal(new BigDecimal(sum, argumentType.scale()), values, results);
            } else {
                BigInteger result = average ? sum.divide(BigInteger.valueOf(values)) : sum;
                results.appendLong(LongSumAccumulator.checked(result, resultType));
            }
        }
    }

    private void appendDecimal(BigDecimal sum, long values, ColumnBuilder results) {
        BigDecimal result =
                average
                        ? sum.divide(BigDecimal.valueOf(values), resultType.scale(), RoundingMode.HALF_UP)
                        : sum.setScale(resultType.scale(), RoundingMode.HALF_UP);
        if (result.precision() > resultType.precision()) {
            throw new MillraceException(
                    ErrorCode.DATA_EXCEPTION, (average ? "AVG" : "SUM") + " is out of the range of " + resultType);
        }
        results.appendObject(result);
    }
}
