package io.millrace.operators.calc;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.Column;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.Output;
import io.millrace.operators.evaluation.ExpressionEvaluator;
import io.millrace.operators.evaluation.PredicateEvaluator;

/** Narrows and recomputes each batch and emits it at once; keeps nothing between batches. */
final class CalcOperator implements Operator {
    private final CalcSpec spec;
    private final PredicateEvaluator predicate;
    private final ExpressionEvaluator projections;

    CalcOperator(CalcSpec spec, OperatorContext context) {
        this.spec = spec;
        this.predicate = spec.condition() == null ? null : PredicateEvaluator.of(spec.condition(), context);
        try {
            this.projections = ExpressionEvaluator.of(spec.projections(), context);
        } catch (RuntimeException failure) {
            if (predicate != null) {
                predicate.close();
            }
            throw failure;
        }
    }

    @Override
    public void process(int input, Batch batch, Output output) {
        Column[] columns;
        try {
            if (predicate != null) {
                predicate.narrow(batch);
            }
            if (batch.activeCount() == 0) {
                batch.close();
                return;
            }
            columns = projections.evaluate(batch);
        } catch (RuntimeException failure) {
            batch.close();
            throw failure;
        }
        output.emit(batch.replaceColumns(spec.outputSchema(), columns));
    }

    @Override
    public void close() {
        if (predicate != null) {
            predicate.close();
        }
        projections.close();
    }
}
