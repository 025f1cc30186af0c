package io.millrace.operators.function;

/** What CAST and TRY_CAST are made of; the names are no SQL. */
public final class ConversionFunctions {
    private ConversionFunctions() {}

    @SqlFunction(name = "INTEGER TO DOUBLE", signature = "(INTEGER) -> DOUBLE")
    public static double integerToDouble(long value) {
        return value;
    }

    @SqlFunction(name = "INTEGER TO FLOAT", signature = "(INTEGER) -> FLOAT")
    public static double integerToFloat(long value) {
        return (float) value;
    }
}
