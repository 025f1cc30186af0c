package io.millrace.operators.function;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Functions of DECIMAL of any precision. Results are rounded half away from zero. */
public final class DecimalFunctions {
    private DecimalFunctions() {}

    @SqlFunction(name = "ABS", signature = "(DECIMAL) -> $0")
    public static void abs(long high, long low, Outcome out) {
        if (high < 0) {
            DecimalArithmetic.negate(high, low, out);
        } else {
            out.set(high, low);
        }
    }

    @SqlFunction(name = "SIGN", signature = "(DECIMAL) -> $0")
    public static void sign(long high, long low, DecimalArithmetic.Scales scales, Outcome out) {
        long sign = high < 0 ? -1 : (high | low) == 0 ? 0 : 1;
        BigInteger unscaled = BigInteger.valueOf(sign).multiply(Decimals.bigPower(scales.result.scale()));
        Decimals.put(unscaled, scales.result, out, "SIGN(" + Decimals.toString(high, low, scales.left) + ")");
    }

    @SqlFunction(name = "FLOOR", signature = "(DECIMAL) -> WHOLE($0)")
    public static void floor(long high, long low, DecimalArithmetic.Scales scales, Outcome out) {
        round(high, low, 0, RoundingMode.FLOOR, scales, out);
    }

    @SqlFunction(
            name = {"CEIL", "CEILING"},
            signature = "(DECIMAL) -> WHOLE($0)")
    public static void ceil(long high, long low, DecimalArithmetic.Scales scales, Outcome out) {
        round(high, low, 0, RoundingMode.CEILING, scales, out);
    }

    @SqlFunction(name = "ROUND", signature = "(DECIMAL) -> WHOLE($0)")
    public static void round(long high, long low, DecimalArithmetic.Scales scales, Outcome out) {
        round(high, low, 0, RoundingMode.HALF_UP, scales, out);
    }

    @SqlFunction(name = "ROUND", signature = "(DECIMAL, INT) -> WIDER($0)")
    public static void round(long high, long low, long digits, DecimalArithmetic.Scales scales, Outcome out) {
        round(high, low, (int) Math.clamp(digits, -38, 38), RoundingMode.HALF_UP, scales, out);
    }

    @SqlFunction(name = "TRUNCATE", signature = "(DECIMAL, INT) -> $0")
    public static void truncate(long high, long low, long digits, DecimalArithmetic.Scales scales, Outcome out) {
        round(high, low, (int) Math.clamp(digits, -38, 38), RoundingMode.DOWN, scales, out);
    }

    private static void round(
            long high, long low, int digits, RoundingMode rounding, DecimalArithmetic.Scales scales, Outcome out) {
        BigDecimal value = Decimals.toBigDecimal(high, low, scales.left);
        BigDecimal rounded = digits >= scales.left ? value : value.setScale(digits, rounding);
        BigInteger unscaled = rounded.setScale(scales.result.scale(), RoundingMode.HALF_UP).unscaledValue();
        Decimals.put(unscaled, scales.result, out, "ROUND(" + value.toPlainString() + ", " + digits + ")");
    }
}
