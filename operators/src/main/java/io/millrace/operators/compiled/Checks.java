package io.millrace.operators.compiled;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.View;
import io.millrace.operators.function.Text;

/**
 * What generated code calls beside library methods. A failure is an ArithmeticException: whoever ran the loop says
 * more.
 */
public final class Checks {
    private static final ArithmeticException FAILURE = new ArithmeticException("no value");

    private Checks() {}

    /** The value when it lies in the range. */
    public static long range(long value, long least, long greatest) {
        if (value < least || value > greatest) {
            throw FAILURE;
        }
        return value;
    }

    /** Towards zero; fails for a zero divisor and on overflow. */
    public static long divide(long x, long y) {
        if (y == 0 || y == -1 && x == Long.MIN_VALUE) {
            throw FAILURE;
        }
        return x / y;
    }

    /** With the sign of {@code x}; fails for a zero divisor. */
    public static long modulo(long x, long y) {
        if (y == 0) {
            throw FAILURE;
        }
        return y == -1 ? 0 : x % y;
    }

    /** The order of doubles in which zeros are one value and NaN is above all. */
    public static int order(double a, double b) {
        return Double.compare(a + 0.0, b + 0.0);
    }

    /** The order of DECIMALs of two words. */
    public static int order(long highA, long lowA, long highB, long lowB) {
        int high = Long.compare(highA, highB);
        return high != 0 ? high : Long.compareUnsigned(lowA, lowB);
    }

    /** Points a text at the bytes of a view. */
    public static void read(Text text, long view, long[] data) {
        text.set(View.bytesAddress(view, data), Mem.getInt(view));
    }

    /** The text, or the empty one where it is NULL. */
    public static Text orEmpty(boolean isNull, Text text, Text empty) {
        return isNull ? empty : text;
    }
}
