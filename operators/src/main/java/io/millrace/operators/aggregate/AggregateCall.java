package io.millrace.operators.aggregate;

import io.millrace.memory.types.DataType;

/**
 * One aggregate of a query.
 *
 * @param argument input column, or -1 for COUNT(*)
 * @param filter BOOLEAN input column of FILTER (WHERE …), or -1
 * @param type of the result
 */
public record AggregateCall(AggregateFunction function, boolean distinct, int argument, int filter, DataType type) {
    public AggregateCall {
        if (argument < 0 && function != AggregateFunction.COUNT) {
            throw new IllegalArgumentException("expected an argument of " + function);
        }
    }

    @Override
    public String toString() {
        return function
                + "("
                + (distinct ? "DISTINCT " : "")
                + (argument < 0 ? "*" : "$" + argument)
                + ")"
                + (filter < 0 ? "" : " FILTER $" + filter);
    }
}
