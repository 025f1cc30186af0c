package io.millrace.operators.aggregate;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.Meaning;
import io.millrace.state.checkpoint.StateMeaning;
import java.util.ArrayList;
import java.util.List;

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

    /** Where state has its accumulator: what it aggregates, the type of that and of the result. */
    public StateMeaning.Part part(Meaning input, Schema schema) {
        List<String> types = new ArrayList<>();
        types.add(type.toString());
        if (argument >= 0) {
            types.add(schema.type(argument).toString());
        }
        return new StateMeaning.Part(StateMeaning.untyped(meaning(input)), types);
    }

    /** Whether it is NULL of no row: a count is 0, and so is a sum of integers that cannot be NULL. */
    boolean isNullWhenEmpty() {
        boolean integer =
                switch (type.kind()) {
                    case TINYINT, SMALLINT, INT, BIGINT -> true;
                    default -> false;
                };
        boolean isZero = function == AggregateFunction.SUM && integer && !type.nullable();
        return function != AggregateFunction.COUNT && !isZero;
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
