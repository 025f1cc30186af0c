package io.millrace.operators.function;

import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import java.math.BigDecimal;

/** Integer arithmetic that fails where Java's would wrap. {@code type} is for the message. */
public final class Exact {
    private Exact() {}

    public static long add(long x, long y, DataType type) {
        long sum = x + y;
        if (((x ^ sum) & (y ^ sum)) < 0) {
            throw outOfRange(x, '+', y, type);
        }
        return sum;
    }

    public static long subtract(long x, long y, DataType type) {
        long difference = x - y;
        if (((x ^ y) & (x ^ difference)) < 0) {
            throw outOfRange(x, '-', y, type);
        }
        return difference;
    }

    public static long multiply(long x, long y, DataType type) {
        long low = x * y;
        if (Math.multiplyHigh(x, y) != low >> 63) {
            throw outOfRange(x, '*', y, type);
        }
        return low;
    }

    /** Towards zero. */
    public static long divide(long x, long y, DataType type) {
        if (y == 0) {
            throw DataErrors.divisionByZero(x + " / 0");
        }
        if (y == -1) {
            return subtract(0, x, type);
        }
        return x / y;
    }

    /** With the sign of {@code x}. */
    public static long modulo(long x, long y) {
        if (y == 0) {
            throw DataErrors.divisionByZero(x + " % 0");
        }
        return y == -1 ? 0 : x % y;
    }

    /** The value when it lies in the range, else the error. */
    public static long check(long value, long least, long greatest, DataType type) {
        if (value < least || value > greatest) {
            throw DataErrors.overflow(type, shown(value, type));
        }
        return value;
    }

    /** The error of a computation whose result no value of the type is. */
    public static MillraceException outOfRange(long x, char operator, long y, DataType type) {
        return DataErrors.overflow(type, shown(x, type) + " " + operator + " " + shown(y, type));
    }

    private static String shown(long value, DataType type) {
        return BigDecimal.valueOf(value, type.scale()).toPlainString();
    }
}
