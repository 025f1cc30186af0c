package io.millrace.operators.function;

import io.millrace.memory.types.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Arithmetic of DECIMAL of any precision; names with spaces are no SQL. Results are rounded half away from zero. */
public final class DecimalArithmetic {
    private DecimalArithmetic() {}

    /** The scales of one call and what its result holds. */
    public static final class Scales {
        final int left;
        final int right;
        final DataType result;

        /** Whether sums need no change of scale. */
        final boolean alike;

        /** Whether a product has the result's scale. */
        final boolean product;

        public Scales(CallSite site) {
            left = site.argumentTypes().getFirst().scale();
            right = site.argumentTypes().getLast().scale();
            result = site.resultType();
            alike = left == right && left == result.scale();
            product = left + right == result.scale();
        }

        private String show(long leftHigh, long leftLow, String operator, long rightHigh, long rightLow) {
            return Decimals.toString(leftHigh, leftLow, left)
                    + operator
                    + Decimals.toString(rightHigh, rightLow, right);
        }
    }

    @SqlFunction(name = "DECIMAL +", signature = "(DECIMAL, DECIMAL) -> $0")
    public static void add(long leftHigh, long leftLow, long rightHigh, long rightLow, Scales scales, Outcome out) {
        if (scales.alike) {
            long low = leftLow + rightLow;
            long carry = Long.compareUnsigned(low, leftLow) < 0 ? 1 : 0;
            long high = leftHigh + rightHigh + carry;
            if (Decimals.fits(high, low, scales.result.precision())) {
                out.set(high, low);
                return;
            }
        }
        BigDecimal sum =
                Decimals.toBigDecimal(leftHigh, leftLow, scales.left)
                        .add(Decimals.toBigDecimal(rightHigh, rightLow, scales.right));
        put(sum, scales, out, leftHigh, leftLow, " + ", rightHigh, rightLow);
    }

    @SqlFunction(name = "DECIMAL -", signature = "(DECIMAL, DECIMAL) -> $0")
    public static void subtract(
            long leftHigh, long leftLow, long rightHigh, long rightLow, Scales scales, Outcome out) {
        if (scales.alike) {
            long low = leftLow - rightLow;
            long borrow = Long.compareUnsigned(leftLow, rightLow) < 0 ? 1 : 0;
            long high = leftHigh - rightHigh - borrow;
            if (Decimals.fits(high, low, scales.result.precision())) {
                out.set(high, low);
                return;
            }
        }
        BigDecimal difference =
                Decimals.toBigDecimal(leftHigh, leftLow, scales.left)
                        .subtract(Decimals.toBigDecimal(rightHigh, rightLow, scales.right));
        put(difference, scales, out, leftHigh, leftLow, " - ", rightHigh, rightLow);
    }

    @SqlFunction(name = "DECIMAL *", signature = "(DECIMAL, DECIMAL) -> $0")
    public static void multiply(
            long leftHigh, long leftLow, long rightHigh, long rightLow, Scales scales, Outcome out) {
        if (scales.product && leftHigh == leftLow >> 63 && rightHigh == rightLow >> 63) {
            long low = leftLow * rightLow;
            long high = Math.multiplyHigh(leftLow, rightLow);
            if (Decimals.fits(high, low, scales.result.precision())) {
                out.set(high, low);
                return;
            }
        }
        BigDecimal product =
                Decimals.toBigDecimal(leftHigh, leftLow, scales.left)
                        .multiply(Decimals.toBigDecimal(rightHigh, rightLow, scales.right));
        put(product, scales, out, leftHigh, leftLow, " * ", rightHigh, rightLow);
    }

    @SqlFunction(name = "DECIMAL /", signature = "(DECIMAL, DECIMAL) -> $0")
    public static void divide(long leftHigh, long leftLow, long rightHigh, long rightLow, Scales scales, Outcome out) {
        checkDivisor(leftHigh, leftLow, " / ", rightHigh, rightLow, scales);
        BigDecimal quotient =
                Decimals.toBigDecimal(leftHigh, leftLow, scales.left)
                        .divide(
                                Decimals.toBigDecimal(rightHigh, rightLow, scales.right),
                                scales.result.scale(),
                                RoundingMode.HALF_UP);
        put(quotient, scales, out, leftHigh, leftLow, " / ", rightHigh, rightLow);
    }

    /** With the sign of the dividend. */
    @SqlFunction(name = "DECIMAL %", signature = "(DECIMAL, DECIMAL) -> $0")
    public static void modulo(long leftHigh, long leftLow, long rightHigh, long rightLow, Scales scales, Outcome out) {
        checkDivisor(leftHigh, leftLow, " % ", rightHigh, rightLow, scales);
        BigDecimal rest =
                Decimals.toBigDecimal(leftHigh, leftLow, scales.left)
                        .remainder(Decimals.toBigDecimal(rightHigh, rightLow, scales.right));
        put(rest, scales, out, leftHigh, leftLow, " % ", rightHigh, rightLow);
    }

    private static void checkDivisor(
            long leftHigh, long leftLow, String operator, long rightHigh, long rightLow, Scales scales) {
        if ((rightHigh | rightLow) == 0) {
            throw DataErrors.divisionByZero(scales.show(leftHigh, leftLow, operator, rightHigh, rightLow));
        }
    }

    private static void put(
            BigDecimal value,
            Scales scales,
            Outcome out,
            long leftHigh,
            long leftLow,
            String operator,
            long rightHigh,
            long rightLow) {
        BigInteger unscaled = value.setScale(scales.result.scale(), RoundingMode.HALF_UP).unscaledValue();
        if (unscaled.abs().compareTo(Decimals.bigPower(scales.result.precision())) >= 0) {
            throw DataErrors.overflow(scales.result, scales.show(leftHigh, leftLow, operator, rightHigh, rightLow));
        }
        Decimals.put(unscaled, scales.result, out, "");
    }

    @SqlFunction(name = "NEGATE", signature = "(DECIMAL) -> $0")
    public static void negate(long high, long low, Outcome out) {
        out.set(~high + (low == 0 ? 1 : 0), -low);
    }

    @SqlFunction(
            name = "NEGATE",
            signature = {"(FLOAT) -> $0", "(DOUBLE) -> $0"})
    public static double negate(double value) {
        return -value;
    }
}
