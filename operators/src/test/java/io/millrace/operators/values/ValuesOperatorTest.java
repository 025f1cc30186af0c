package io.millrace.operators.values;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.OperatorContract;
import io.millrace.operators.contract.OperatorSpec;
import java.util.ArrayList;
import java.util.List;

final class ValuesOperatorTest extends OperatorContract {
    @Override
    protected OperatorSpec spec() {
        List<List<Object>> rows = new ArrayList<>();
        List<Long> weights = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            rows.add(List.of(i, "row " + i));
            weights.add(i % 10 == 9 ? -1L : 1L);
        }
        return new ValuesSpec(Schema.of("a", DataType.INT, "b", DataType.VARCHAR), rows, weights);
    }

    @Override
    protected List<List<Object>> inputRows(int input) {
        return List.of();
    }

    @Override
    protected List<Schema> inputSchemas() {
        return List.of();
    }
}
