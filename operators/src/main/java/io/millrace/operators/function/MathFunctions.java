package io.millrace.operators.function;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;

/**
 * Functions of integers and floating-point numbers. Domain errors of DOUBLE functions give NaN or infinity, as IEEE 754
 * has it.
 */
public final class MathFunctions {
    private MathFunctions() {}

    @SqlFunction(name = "ABS", signature = "(INTEGER) -> $0")
    public static long abs(long value) {
        if (value == Long.MIN_VALUE) {
            throw new MillraceException(ErrorCode.DATA_EXCEPTION, "BIGINT overflow in ABS(" + value + ")");
        }
        return Math.abs(value);
    }

    @SqlFunction(
            name = "ABS",
            signature = {"(FLOAT) -> $0", "(DOUBLE) -> $0"})
    public static double abs(double value) {
        return Math.abs(value);
    }

    @SqlFunction(name = "SIGN", signature = "(INTEGER) -> $0")
    public static long sign(long value) {
        return Long.signum(value);
    }

    @SqlFunction(
            name = "SIGN",
            signature = {"(FLOAT) -> $0", "(DOUBLE) -> $0"})
    public static double sign(double value) {
        return Math.signum(value);
    }

    @SqlFunction(name = "FLOOR", signature = "(INTEGER) -> $0")
    public static long floor(long value) {
        return value;
    }

    @SqlFunction(
            name = "FLOOR",
            signature = {"(FLOAT) -> $0", "(DOUBLE) -> $0"})
    public static double floor(double value) {
        return Math.floor(value);
    }

    @SqlFunction(
            name = {"CEIL", "CEILING"},
            signature = "(INTEGER) -> $0")
    public static long ceil(long value) {
        return value;
    }

    @SqlFunction(
            name = {"CEIL", "CEILING"},
            signature = {"(FLOAT) -> $0", "(DOUBLE) -> $0"})
    public static double ceil(double value) {
        return Math.ceil(value);
    }

    /** Half away from zero. */
    @SqlFunction(
            name = "ROUND",
            signature = {"(FLOAT) -> $0", "(DOUBLE) -> $0"})
    public static double round(double value) {
        return round(value, 0);
    }

    /** Half away from zero, by the shortest decimal that reads back as the value. */
    @SqlFunction(
            name = "ROUND",
            signature = {"(FLOAT, INT) -> $0", "(DOUBLE, INT) -> $0"})
    public static double round(double value, long digits) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return value;
        }
        return java.math.BigDecimal.valueOf(value).setScale((int) digits, java.math.RoundingMode.HALF_UP).doubleValue();
    }

    @SqlFunction(name = "ROUND", signature = "(INTEGER) -> $0")
    public static long round(long value) {
        return value;
    }

    @SqlFunction(name = "ROUND", signature = "(INTEGER, INT) -> $0")
    public static long round(long value, long digits) {
        if (digits >= 0) {
            return value;
        }
        if (digits < -18) {
            return 0;
        }
        long unit = 1;
        for (long i = digits; i < 0; i++) {
            unit *= 10;
        }
        long rest = value % unit;
        long down = value - rest;
        boolean up = Math.abs(rest) >= unit - Math.abs(rest);
        return up ? Math.addExact(down, value < 0 ? -unit : unit) : down;
    }

    @SqlFunction(
            name = {"POWER", "POW"},
            signature = "(DOUBLE, DOUBLE) -> DOUBLE")
    public static double power(double base, double exponent) {
        return Math.pow(base, exponent);
    }

    @SqlFunction(name = "SQRT", signature = "(DOUBLE) -> DOUBLE")
    public static double sqrt(double value) {
        return Math.sqrt(value);
    }

    @SqlFunction(name = "LN", signature = "(DOUBLE) -> DOUBLE")
    public static double ln(double value) {
        return Math.log(value);
    }

    @SqlFunction(name = "LOG", signature = "(DOUBLE) -> DOUBLE")
    public static double log(double value) {
        return Math.log(value);
    }

    @SqlFunction(name = "LOG", signature = "(DOUBLE, DOUBLE) -> DOUBLE")
    public static double log(double base, double value) {
        return Math.log(value) / Math.log(base);
    }

    @SqlFunction(name = "LOG10", signature = "(DOUBLE) -> DOUBLE")
    public static double log10(double value) {
        return Math.log10(value);
    }

    @SqlFunction(name = "LOG2", signature = "(DOUBLE) -> DOUBLE")
    public static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }

    @SqlFunction(name = "EXP", signature = "(DOUBLE) -> DOUBLE")
    public static double exp(double value) {
        return Math.exp(value);
    }
}
