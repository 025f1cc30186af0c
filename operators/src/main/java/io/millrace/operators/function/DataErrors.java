package io.millrace.operators.function;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;

/** What expressions fail with: DATA_EXCEPTION, naming the operation and its values. */
public final class DataErrors {
    private DataErrors() {}

    public static MillraceException overflow(DataType type, String computation) {
        return new MillraceException(
                ErrorCode.DATA_EXCEPTION, type.withNullable(true) + " overflow: " + computation + " is out of range");
    }

    public static MillraceException divisionByZero(String computation) {
        return new MillraceException(ErrorCode.DATA_EXCEPTION, "division by zero: " + computation);
    }

    /** A value that has no counterpart in the target type. */
    public static MillraceException badCast(String value, DataType from, DataType to) {
        return new MillraceException(
                ErrorCode.DATA_EXCEPTION,
                "expected a value of "
                        + to.withNullable(true)
                        + ", found "
                        + from.withNullable(true)
                        + " '"
                        + value
                        + "'");
    }
}
