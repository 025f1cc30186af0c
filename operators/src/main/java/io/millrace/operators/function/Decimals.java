package io.millrace.operators.function;

import io.millrace.memory.types.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Unscaled DECIMAL values as two words. The common cases, where values fit one word or sums stay in two, take no
 * object; the rest go through BigInteger.
 */
public final class Decimals {
    private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);
    private static final long[] POWERS = new long[19];
    private static final BigInteger[] BIG_POWERS = new BigInteger[78];

    static {
        BigInteger power = BigInteger.ONE;
        for (int i = 0; i < BIG_POWERS.length; i++) {
            BIG_POWERS[i] = power;
            if (i < POWERS.length) {
                POWERS[i] = power.longValueExact();
            }
            power = power.multiply(BigInteger.TEN);
        }
    }

    private Decimals() {}

    /** Ten to a power of at most 18. */
    static long power(int exponent) {
        return POWERS[exponent];
    }

    static BigInteger bigPower(int exponent) {
        return BIG_POWERS[exponent];
    }

    public static BigInteger toBigInteger(long high, long low) {
        if (high == low >> 63) {
            return BigInteger.valueOf(low);
        }
        BigInteger lower = BigInteger.valueOf(low);
        return BigInteger.valueOf(high).shiftLeft(64).add(low < 0 ? lower.add(WORD) : lower);
    }

    public static BigDecimal toBigDecimal(long high, long low, int scale) {
        return new BigDecimal(toBigInteger(high, low), scale);
    }

    public static String toString(long high, long low, int scale) {
        return toBigDecimal(high, low, scale).toPlainString();
    }

    /** Puts an unscaled value of the type's scale, or fails when it has more digits than the type. */
    static void put(BigInteger value, DataType type, Outcome out, String computation) {
        if (value.bitLength() > 127 || value.abs().compareTo(BIG_POWERS[type.precision()]) >= 0) {
            throw DataErrors.overflow(type, computation);
        }
        out.set(value.shiftRight(64).longValue(), value.longValue());
    }

    /** Whether an unscaled value has at most so many digits. */
    static boolean fits(long high, long low, int precision) {
        if (high == low >> 63) {
            return precision > 18 || low < POWERS[precision] && low > -POWERS[precision];
        }
        return precision > 18 && toBigInteger(high, low).abs().compareTo(BIG_POWERS[precision]) < 0;
    }

    /** The value with another scale, half away from zero. */
    static BigInteger rescale(BigInteger value, int fromScale, int toScale) {
        return rescale(value, fromScale, toScale, RoundingMode.HALF_UP);
    }

    static BigInteger rescale(BigInteger value, int fromScale, int toScale, RoundingMode rounding) {
        if (toScale >= fromScale) {
            return value.multiply(bigPower(toScale - fromScale));
        }
        return new BigDecimal(value, fromScale).setScale(toScale, rounding).unscaledValue();
    }
}
