package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.EventTime.Bounds;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import io.millrace.memory.types.Schema;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * How bounds of event time come from bounds of columns, asked once what it needs.
 *
 * @param inputs the projected columns whose bounds it looks at
 * @param computable whether they suffice; otherwise every row must be evaluated
 */
record TimeBounds(EventTime eventTime, int[] inputs, boolean computable) {
    static TimeBounds of(EventTime eventTime, Schema projected) {
        boolean[] asked = new boolean[projected.size()];
        Bounds found =
                eventTime.bounds(column -> {
                    asked[column] = true;
                    return new Bounds(0, 0);
                });
        int[] inputs = IntStream.range(0, projected.size()).filter(i -> asked[i]).toArray();
        boolean whole = IntStream.of(inputs).allMatch(i -> isWhole(projected.type(i)));
        return new TimeBounds(eventTime, inputs, found != null && inputs.length > 0 && whole);
    }

    /** Whether a column's values are whole numbers in the unit that bounds are in. */
    private static boolean isWhole(DataType type) {
        return type.kind().isInteger()
                || switch (type.kind()) {
                    case DATE, TIME -> true;
                    case TIMESTAMP, TIMESTAMP_LTZ -> type.layout() == Layout.I64;
                    default -> false;
                };
    }

    /** The bounds, or null when they cannot be told from those of the columns. */
    Bounds bounds(IntFunction<Bounds> columnBounds) {
        return computable ? eventTime.bounds(columnBounds) : null;
    }
}
