package io.millrace.operators.evaluation;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.expression.Expressions;
import io.millrace.operators.interpreted.Frame;
import io.millrace.operators.interpreted.Interpreter;
import io.millrace.operators.interpreted.Node;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.lowered.Lowered;
import io.millrace.operators.lowered.Lowering;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes the parts of an expression that depend on no row. A part that has no value stays as it is: whether it fails
 * the query is decided by whether a row needs it. Stateless, thread-safe.
 */
public final class ConstantFolder {
    private static final long MEMORY_BYTES = 16L << 20;
    private static final Column[] NO_COLUMNS = {};

    private ConstantFolder() {}

    /** The same expression with literals for what is constant; its type is the same but may no longer admit NULL. */
    public static Expression fold(Expression expression) {
        Expressions.Session session = Expressions.sessionOf(expression);
        Expression folded = Expressions.rewrite(session.expression(), part -> foldOne(part, session.zone()));
        return Expressions.inSession(folded, 0, session.zone());
    }

    private static Expression foldOne(Expression part, ZoneId zone) {
        if (!(part instanceof Expression.Call call)) {
            return part;
        }
        Expression decided =
                switch (call.function()) {
                    case "AND" -> foldConnective(call, true);
                    case "OR" -> foldConnective(call, false);
                    default -> call;
                };
        boolean constant =
                decided instanceof Expression.Call rest
                        && !rest.arguments().isEmpty()
                        && rest.arguments().stream().allMatch(Expression.Literal.class::isInstance);
        return constant ? compute(decided, zone) : decided;
    }

    /** Drops arguments that decide nothing; one that decides all before it stands alone. */
    private static Expression foldConnective(Expression.Call call, boolean conjunction) {
        List<Expression> left = new ArrayList<>();
        for (Expression argument : call.arguments()) {
            Object value = argument instanceof Expression.Literal literal ? literal.value() : null;
            if (value instanceof Boolean known) {
                if (known != conjunction) {
                    left.add(argument);
                    break;
                }
            } else {
                left.add(argument);
            }
        }
        if (left.isEmpty()) {
            return new Expression.Literal(conjunction, DataType.BOOLEAN.notNull());
        }
        boolean decided = left.getLast() instanceof Expression.Literal last && last.value() instanceof Boolean;
        if (decided && left.stream().allMatch(ConstantFolder::cannotFail)) {
            return left.getLast();
        }
        return left.size() == 1 ? left.getFirst() : new Expression.Call(call.function(), left, call.type());
    }

    private static boolean cannotFail(Expression expression) {
        return !(expression instanceof Expression.Call);
    }

    private static Expression compute(Expression call, ZoneId zone) {
        try {
            Lowered lowered = Lowering.lower(Expressions.inSession(call, 0, zone));
            if (!lowered.isDeterministic()) {
                return call;
            }
            Object value = valueOf(lowered);
            return new Expression.Literal(value, call.type().withNullable(value == null));
        } catch (MillraceException failure) {
            if (failure.code() == ErrorCode.DATA_EXCEPTION) {
                return call;
            }
            throw failure;
        }
    }

    /** The value of an expression without inputs. */
    static Object valueOf(Lowered lowered) {
        try (Allocator allocator = Allocator.root(MEMORY_BYTES);
                Node node = new Interpreter(allocator).node(lowered)) {
            Column column = node.evaluate(new Frame(allocator, NO_COLUMNS, 1, true), Rows.first(1));
            try {
                return column.getObject(0);
            } finally {
                column.release();
            }
        }
    }
}
