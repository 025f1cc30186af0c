package io.millrace.operators.values;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.Meaning;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.RunContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Rows that the query states. Task 0 emits them all.
 *
 * @param rows objects as {@link io.millrace.memory.column.Column#getObject} gives them
 * @param weights one a row, or null when each row is added once; negative ones retract
 */
public record ValuesSpec(Schema outputSchema, List<List<Object>> rows, List<Long> weights) implements OperatorSpec {
    public ValuesSpec {
        rows = rows.stream().map(row -> Collections.unmodifiableList(new ArrayList<>(row))).toList();
        if (weights != null && weights.size() != rows.size()) {
            throw new IllegalArgumentException("expected " + rows.size() + " weights, found " + weights.size());
        }
    }

    @Override
    public String name() {
        return "Values";
    }

    @Override
    public String describe() {
        return "rows=" + rows.size();
    }

    @Override
    public ChangelogKind changelogKind() {
        return weights == null ? ChangelogKind.APPEND : ChangelogKind.RETRACT;
    }

    @Override
    public Meaning meaning(List<Meaning> inputs) {
        return new Meaning(
                "values " + rows + (weights == null ? "" : " by " + weights),
                outputSchema.fields().stream().map(Object::toString).toList());
    }

    @Override
    public OperatorRun start(RunContext context) {
        return operatorContext -> new ValuesOperator(this, operatorContext);
    }
}
