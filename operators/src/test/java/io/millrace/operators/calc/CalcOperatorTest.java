package io.millrace.operators.calc;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.OperatorContract;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.expression.Expression;
import java.util.ArrayList;
import java.util.List;

final class CalcOperatorTest extends OperatorContract {
    private static final Schema BIDS =
            Schema.of("auction", DataType.BIGINT, "price", DataType.BIGINT, "channel", DataType.VARCHAR);

    private static Expression input(int index) {
        return new Expression.Input(index, BIDS.type(index));
    }

    private static Expression call(String name, DataType type, Expression... arguments) {
        return new Expression.Call(name, List.of(arguments), type);
    }

    private static Expression number(long value) {
        return new Expression.Literal(value, DataType.BIGINT.notNull());
    }

    @Override
    protected OperatorSpec spec() {
        Expression condition =
                call(
                        "AND",
                        DataType.BOOLEAN,
                        call("=", DataType.BOOLEAN, call("%", DataType.BIGINT, input(0), number(3)), number(0)),
                        call(
                                "<>",
                                DataType.BOOLEAN,
                                input(2),
                                new Expression.Literal("channel-4", DataType.VARCHAR.notNull())));
        return new CalcSpec(
                BIDS,
                condition,
                List.of(
                        input(0),
                        call("+", DataType.BIGINT, input(1), number(1)),
                        call("UPPER", DataType.VARCHAR, input(2))),
                Schema.of("auction", DataType.BIGINT, "price", DataType.BIGINT, "channel", DataType.VARCHAR),
                ChangelogKind.RETRACT);
    }

    @Override
    protected List<Schema> inputSchemas() {
        return List.of(BIDS);
    }

    @Override
    protected List<List<Object>> inputRows(int input) {
        List<List<Object>> rows = new ArrayList<>();
        for (long i = 0; i < 200; i++) {
            List<Object> row = new ArrayList<>();
            row.add(i % 11 == 0 ? null : i);
            row.add(i * 100);
            row.add(i % 7 == 0 ? null : i % 5 == 2 ? "a channel with a longer name " + i : "channel-" + i % 5);
            rows.add(row);
        }
        return rows;
    }

    @Override
    protected List<Long> inputWeights(int input) {
        return inputRows(input).stream().map(row -> row.get(0) == null ? -1L : 1L).toList();
    }
}
