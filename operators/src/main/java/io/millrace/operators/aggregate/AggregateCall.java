package io.millrace.operators.aggregate;

import io.millrace.memory.types.DataType;
import io.millrace.operators.contract.Meaning;

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

    /** What it computes of rows whose columns mean this. */
    public String meaning(Meaning input) {
        return function
                + (distinct ? " distinct " : " ")
                + input.column(argument)
                + (filter < 0 ? "" : " filter " + input.column(filter))
                + ":"
                + type;
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
