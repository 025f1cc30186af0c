package io.millrace.operators.function;

import io.millrace.memory.types.DataType;
import java.util.List;

/**
 * One overload, chosen for given arguments.
 *
 * @param name canonical, in capitals; what {@link io.millrace.operators.expression.Expression.Call} is to be made with
 * @param argumentTypes what the arguments have to be cast to, one each; equal to the argument's own type where no cast
 *     is needed
 * @param resultType nullable as the arguments and {@code nulls} make it
 * @param deterministic whether a call of literals may be folded
 */
public record FunctionSignature(
        String name, List<DataType> argumentTypes, DataType resultType, NullBehaviour nulls, boolean deterministic) {
    public FunctionSignature {
        argumentTypes = List.copyOf(argumentTypes);
    }
}
