package io.millrace.operators.calc;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.Meaning;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.RunContext;
import io.millrace.operators.expression.Expression;
import java.util.List;

/**
 * Keeps the rows for which a condition is true and computes new columns from them. Weights pass through.
 *
 * @param condition a BOOLEAN over the input, or null to keep every row
 * @param projections one an output column
 */
public record CalcSpec(
        Schema inputSchema,
        Expression condition,
        List<Expression> projections,
        Schema outputSchema,
        ChangelogKind changelogKind)
        implements OperatorSpec {
    public CalcSpec {
        projections = List.copyOf(projections);
        if (projections.size() != outputSchema.size()) {
            throw new IllegalArgumentException(
                    "expected " + outputSchema.size() + " projections, found " + projections.size());
        }
    }

    @Override
    public String name() {
        return "Calc";
    }

    @Override
    public String describe() {
        return (condition == null ? "" : "where=" + condition + " ") + "select=" + projections;
    }

    @Override
    public Meaning meaning(List<Meaning> inputs) {
        Meaning kept = inputs.getFirst().where(condition);
        return new Meaning(kept.base(), kept.filters(), projections.stream().map(kept::of).toList());
    }

    @Override
    public boolean keepsState() {
        return false;
    }

    @Override
    public OperatorRun start(RunContext context) {
        return operatorContext -> new CalcOperator(this, operatorContext);
    }
}
