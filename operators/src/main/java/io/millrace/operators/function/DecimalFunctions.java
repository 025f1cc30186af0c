package io.millrace.operators.function;

/** Arithmetic and rounding of DECIMAL of any precision; names with spaces are no SQL. */
public final class DecimalFunctions {
    private DecimalFunctions() {}
}
