package io.millrace.operators.function;

import io.millrace.memory.types.DataType;
import java.lang.reflect.Method;
import java.util.List;

/**
 * An annotated method, as the evaluators call it.
 *
 * @param stateClass of the parameter after the arguments, or null
 * @param output {@link Text} or {@link Outcome} when the last parameter is one, else null
 */
public record ScalarMethod(
        String name, Method method, NullBehaviour nulls, boolean deterministic, Class<?> stateClass, Class<?> output) {

    static ScalarMethod of(Method method, SqlFunction annotation) {
        Class<?>[] parameters = method.getParameterTypes();
        int last = parameters.length;
        Class<?> output = null;
        boolean textResult = method.getReturnType() == void.class;
        if (last > 0 && (parameters[last - 1] == Outcome.class || textResult && parameters[last - 1] == Text.class)) {
            output = parameters[--last];
        }
        Class<?> state = last > 0 && !isCarrier(parameters[last - 1]) ? parameters[last - 1] : null;
        return new ScalarMethod(
                annotation.name()[0], method, annotation.nulls(), annotation.deterministic(), state, output);
    }

    private static boolean isCarrier(Class<?> type) {
        return type.isPrimitive() || type == Text.class || type == Text[].class;
    }

    /** A new state for a call, or null when the method takes none. */
    public Object newState(CallSite site) {
        if (stateClass == null) {
            return null;
        }
        try {
            return stateClass.getConstructor(CallSite.class).newInstance(site);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException("expected a public constructor of a CallSite in " + stateClass, failure);
        }
    }

    /** Whether all STRING arguments come as one array. */
    public boolean isVariadic() {
        Class<?>[] parameters = method.getParameterTypes();
        return parameters.length > 0 && List.of(parameters).contains(Text[].class);
    }

    /** Whether the carrier of a type is two words. */
    public static boolean isWide(DataType type) {
        return type.kind() == io.millrace.memory.types.TypeKind.DECIMAL;
    }
}
