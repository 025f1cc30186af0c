package io.millrace.sql.types;

import io.millrace.memory.types.DataType;
import io.millrace.operators.function.FunctionRegistry;
import io.millrace.operators.function.FunctionSignature;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Chooses overloads of the engine's functions where an argument may be a NULL without a type. */
public final class Overloads {
    /** What such a NULL may be beside the types of the other arguments. */
    private static final List<DataType> TYPES_OF_NULL =
            List.of(
                    DataType.INT,
                    DataType.VARCHAR,
                    DataType.BIGINT,
                    DataType.DOUBLE,
                    DataType.BOOLEAN,
                    DataType.TIMESTAMP,
                    DataType.DATE);

    private Overloads() {}

    /**
     * The overload for these arguments.
     *
     * @param untyped which arguments are NULLs without a type; {@code types} has INT for them
     */
    public static Optional<FunctionSignature> find(String name, List<DataType> types, BitSet untyped) {
        FunctionRegistry functions = FunctionRegistry.builtIn();
        Optional<FunctionSignature> asTheyAre = functions.find(name, types);
        if (asTheyAre.isPresent() || untyped.isEmpty()) {
            return asTheyAre;
        }
        Set<DataType> candidates = new LinkedHashSet<>();
        for (int i = 0; i < types.size(); i++) {
            if (!untyped.get(i)) {
                candidates.add(types.get(i).withNullable(true));
            }
        }
        candidates.addAll(TYPES_OF_NULL);
        for (DataType candidate : candidates) {
            List<DataType> tried = new ArrayList<>(types);
            untyped.stream().forEach(i -> tried.set(i, candidate.withNullable(true)));
            Optional<FunctionSignature> found = functions.find(name, tried);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
