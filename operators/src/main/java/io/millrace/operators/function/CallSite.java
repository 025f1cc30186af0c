package io.millrace.operators.function;

import io.millrace.memory.types.DataType;
import java.time.ZoneId;
import java.util.List;

/**
 * What a call's state may know when it is made.
 *
 * @param zone of the session
 * @param tolerant whether a failure gives NULL instead: TRY_CAST
 */
public record CallSite(List<DataType> argumentTypes, DataType resultType, ZoneId zone, boolean tolerant) {
    public CallSite {
        argumentTypes = List.copyOf(argumentTypes);
    }
}
