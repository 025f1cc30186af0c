package io.millrace.operators.lowered;

import io.millrace.memory.types.DataType;
import io.millrace.operators.function.CallSite;
import io.millrace.operators.function.ScalarMethod;
import io.millrace.operators.kernel.Comparison;
import java.util.ArrayList;
import java.util.List;

/**
 * An expression reduced to the few kinds of nodes that evaluators know: names are resolved, casts that change nothing
 * are gone, operands of one node have one {@link Carrier}. Equal trees compute the same.
 */
public sealed interface Lowered {
    DataType type();

    List<Lowered> arguments();

    default Carrier carrier() {
        return Carrier.of(type());
    }

    /** A column of the input. */
    record Input(int index, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of();
        }
    }

    /** A value as {@link io.millrace.memory.column.Column#getObject} gives it, or null. */
    record Constant(Object value, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of();
        }
    }

    /** A call of a library method. */
    record Invoke(ScalarMethod method, CallSite site, List<Lowered> arguments, DataType type) implements Lowered {}

    record Compare(Comparison operator, Lowered left, Lowered right, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(left, right);
        }
    }

    /** IS DISTINCT FROM, or IS NOT DISTINCT FROM. */
    record Distinct(boolean negated, Lowered left, Lowered right, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(left, right);
        }
    }

    /**
     * One of {@code + - * / %} over two LONG or two DOUBLE carriers; a LONG result is checked against the type's range.
     */
    record Arithmetic(char operator, Lowered left, Lowered right, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(left, right);
        }
    }

    /** The same carrier as another type; of LONG, checked against the type's range. */
    record Retype(Lowered argument, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(argument);
        }
    }

    /** AND or OR of two or more. */
    record Connective(boolean conjunction, List<Lowered> arguments, DataType type) implements Lowered {}

    record Not(Lowered argument, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(argument);
        }
    }

    /** IS NULL, or IS NOT NULL. */
    record NullTest(boolean negated, Lowered argument, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(argument);
        }
    }

    /** IS TRUE or IS FALSE, or their negations. */
    record TruthTest(boolean wanted, boolean negated, Lowered argument, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(argument);
        }
    }

    /** condition, value, condition, value, …, else. */
    record Case(List<Lowered> arguments, DataType type) implements Lowered {}

    record Coalesce(List<Lowered> arguments, DataType type) implements Lowered {}

    /** NULL where the second is true, else the first. */
    record NullWhen(Lowered value, Lowered condition, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(value, condition);
        }
    }

    /** The greatest or least of two values. */
    record Extreme(boolean greatest, Lowered left, Lowered right, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(left, right);
        }
    }

    /** Whether a value is one of some constants, none of them NULL, all of its type; NULL only when the value is. */
    record OneOf(Lowered value, List<Object> constants, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(value);
        }
    }

    /** A ROW, ARRAY or MAP of its parts. */
    record Construct(List<Lowered> arguments, DataType type) implements Lowered {}

    /** A field of a ROW. */
    record Member(Lowered row, int field, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(row);
        }
    }

    /** An element of an ARRAY by its index from 1, or a value of a MAP by its key. */
    record Item(Lowered container, Lowered key, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(container, key);
        }
    }

    /** Elements of an ARRAY or entries of a MAP. */
    record Cardinality(Lowered container, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(container);
        }
    }

    /** A nested value as text. */
    record Display(Lowered argument, DataType type) implements Lowered {
        @Override
        public List<Lowered> arguments() {
            return List.of(argument);
        }
    }

    /** Whether equal rows always give equal results. */
    default boolean isDeterministic() {
        if (this instanceof Invoke invoke && !invoke.method().deterministic()) {
            return false;
        }
        return arguments().stream().allMatch(Lowered::isDeterministic);
    }

    /** The input columns read, each once, ascending. */
    default List<Integer> inputs() {
        List<Integer> found = new ArrayList<>();
        collect(this, found);
        return found.stream().distinct().sorted().toList();
    }

    private static void collect(Lowered node, List<Integer> found) {
        if (node instanceof Input input) {
            found.add(input.index());
        }
        node.arguments().forEach(argument -> collect(argument, found));
    }
}
