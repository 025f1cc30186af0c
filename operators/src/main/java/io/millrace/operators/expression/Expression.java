package io.millrace.operators.expression;

import io.millrace.memory.types.DataType;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A typed expression over one row. The planner has resolved names and inserted every cast: a call's arguments have
 * exactly the types that its function takes.
 *
 * <p>Functions go by these names: {@code = <> < <= > >= + - * / % NEGATE AND OR NOT CASE CAST TRY_CAST COALESCE LIKE},
 * {@code IS NULL}, {@code IS NOT NULL}, {@code IS TRUE}, {@code IS FALSE}, {@code IS NOT TRUE}, {@code IS NOT FALSE},
 * {@code IS DISTINCT FROM}, {@code IS NOT DISTINCT FROM}; every other one by its SQL name in capitals. CASE takes
 * condition, value, condition, value, …, else. AND and OR take two or more arguments and follow three-valued logic.
 */
public sealed interface Expression {
    DataType type();

    /** A column of the input. */
    record Input(int index, DataType type) implements Expression {
        public Input {
            if (index < 0) {
                throw new IllegalArgumentException("expected index >= 0, found " + index);
            }
        }

        @Override
        public String toString() {
            return "$" + index;
        }
    }

    /** A value as {@link io.millrace.memory.column.Column#getObject} gives it; null for NULL. */
    record Literal(Object value, DataType type) implements Expression {
        @Override
        public String toString() {
            return value instanceof String ? "'" + value + "'" : String.valueOf(value);
        }
    }

    /** A function of other expressions. CAST and TRY_CAST take their target from {@code type}. */
    record Call(String function, List<Expression> arguments, DataType type) implements Expression {
        public Call {
            Objects.requireNonNull(function, "function");
            arguments = List.copyOf(arguments);
        }

        @Override
        public String toString() {
            if (arguments.size() == 2 && !Character.isLetter(function.charAt(0))) {
                return "(" + arguments.get(0) + " " + function + " " + arguments.get(1) + ")";
            }
            String target = function.endsWith("CAST") ? " AS " + type : "";
            return function
                    + arguments.stream().map(Object::toString).collect(Collectors.joining(", ", "(", target + ")"));
        }
    }
}
