package io.millrace.operators.evaluation;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.KernelMode;
import io.millrace.operators.contract.TestContext;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.function.FunctionRegistry;
import java.util.List;

/** Short ways to write and compute expressions in tests. */
final class Evaluations {
    private Evaluations() {}

    static Expression literal(Object value, DataType type) {
        return new Expression.Literal(value, value == null ? type : type.notNull());
    }

    static Expression number(long value) {
        return literal(value, DataType.BIGINT);
    }

    static Expression integer(int value) {
        return literal(value, DataType.INT);
    }

    static Expression text(String value) {
        return literal(value, DataType.VARCHAR);
    }

    static Expression decimal(String value, int precision, int scale) {
        return literal(new java.math.BigDecimal(value), DataType.decimal(precision, scale));
    }

    static Expression timestamp(String value) {
        return literal(java.time.LocalDateTime.parse(value), DataType.timestamp(6));
    }

    static Expression cast(Expression value, DataType type) {
        return new Expression.Call("CAST", List.of(value), type);
    }

    static Expression tryCast(Expression value, DataType type) {
        return new Expression.Call("TRY_CAST", List.of(value), type.withNullable(true));
    }

    /** A call typed by the registry, as a planner would. */
    static Expression call(String name, Expression... arguments) {
        List<DataType> types = java.util.Arrays.stream(arguments).map(Expression::type).toList();
        var signature = FunctionRegistry.builtIn().resolve(name, types);
        List<Expression> wanted = new java.util.ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            DataType type = signature.argumentTypes().get(i);
            wanted.add(arguments[i].type().sameValues(type) ? arguments[i] : cast(arguments[i], type));
        }
        return new Expression.Call(signature.name(), wanted, signature.resultType());
    }

    /** The value of an expression without inputs. */
    static Object valueOf(Expression expression) {
        try (TestContext context = new TestContext(16, KernelMode.INTERPRETED);
                ExpressionEvaluator evaluator = ExpressionEvaluator.of(List.of(expression), context);
                BatchBuilder builder = new BatchBuilder(context.allocator(), Schema.EMPTY, 1)) {
            builder.addEmptyRow();
            try (Batch batch = builder.build()) {
                Column[] columns = evaluator.evaluate(batch);
                Object value = columns[0].getObject(0);
                columns[0].release();
                return value;
            }
        }
    }

    static Object valueOf(String name, Expression... arguments) {
        return valueOf(call(name, arguments));
    }
}
