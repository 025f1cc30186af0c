package io.millrace.sql.translate;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import io.millrace.operators.expression.Expression;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/** Changes of type: none where values stay the same, done at once for numbers that are constant, else a CAST. */
final class Casts {
    private Casts() {}

    /** The expression with values of the type; as nullable as it was. */
    static Expression cast(Expression expression, DataType type) {
        DataType from = expression.type();
        DataType to = type.withNullable(from.nullable());
        if (from.sameValues(to) || keepsBytes(from, to)) {
            return expression;
        }
        if (expression instanceof Expression.Literal literal) {
            Expression folded = fold(literal, to);
            if (folded != null) {
                return folded;
            }
        }
        return new Expression.Call("CAST", List.of(expression), to);
    }

    /** The expression under the type that Calcite inferred for it: strings are known to fit, other values are cast. */
    static Expression inferred(Expression expression, DataType type) {
        DataType from = expression.type();
        boolean bytes = from.kind() == type.kind() && from.kind().isBytes();
        if (bytes && from.precision() > type.precision() && expression instanceof Expression.Call call) {
            return new Expression.Call(call.function(), call.arguments(), type.withNullable(from.nullable()));
        }
        return bytes ? expression : cast(expression, type);
    }

    /** Strings fit into strings that may be as long. */
    private static boolean keepsBytes(DataType from, DataType to) {
        return from.kind() == to.kind() && from.kind().isBytes() && to.precision() >= from.precision();
    }

    private static Expression fold(Expression.Literal literal, DataType to) {
        if (literal.value() == null) {
            return new Expression.Literal(null, to.withNullable(true));
        }
        if (!to.kind().isNumeric() || !(literal.value() instanceof Number number)) {
            return foldTime(literal, to);
        }
        if (number instanceof Double || number instanceof Float) {
            return to.kind() == TypeKind.DOUBLE ? new Expression.Literal(number.doubleValue(), to) : null;
        }
        BigDecimal value = number instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(number.longValue());
        try {
            return fits(value, to) ? new Expression.Literal(Literals.narrow(value, to), to) : null;
        } catch (ArithmeticException inexact) {
            return null;
        }
    }

    /** More digits of a second change no time; a date is its midnight. */
    private static Expression foldTime(Expression.Literal literal, DataType to) {
        boolean widens = literal.type().kind() == to.kind() && literal.type().precision() <= to.precision();
        return switch (to.kind()) {
            case TIME, TIMESTAMP_LTZ -> widens ? new Expression.Literal(literal.value(), to) : null;
            case TIMESTAMP ->
                    widens
                            ? new Expression.Literal(literal.value(), to)
                            : literal.value() instanceof LocalDate date
                                    ? new Expression.Literal(date.atStartOfDay(), to)
                                    : null;
            default -> null;
        };
    }

    private static boolean fits(BigDecimal value, DataType to) {
        return to.kind() != TypeKind.DECIMAL || value.precision() - value.scale() <= to.precision() - to.scale();
    }
}
