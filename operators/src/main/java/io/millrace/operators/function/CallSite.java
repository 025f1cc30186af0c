package io.millrace.operators.function;

import io.millrace.memory.types.DataType;
import java.time.ZoneId;
import java.util.List;

/**
 * What a call's state may know when it is made.
 *
 * @param statementMicros when the statement began, microseconds since the epoch
 * @param zone of the session
 */
public record CallSite(List<DataType> argumentTypes, DataType resultType, long statementMicros, ZoneId zone) {
    public CallSite {
        argumentTypes = List.copyOf(argumentTypes);
    }
}
