package io.millrace.operators.scan;

import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.RowFilter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.time.Clock;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.evaluation.PredicateEvaluator;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.expression.Expressions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What a scan's task gives its reader: its own, and the scan's conditions. */
record FilteringContext(OperatorContext task, ScanSpec spec) implements ReaderContext {
    @Override
    public Allocator allocator() {
        return task.allocator();
    }

    @Override
    public Clock clock() {
        return task.clock();
    }

    @Override
    public IoThreads io() {
        return task.io();
    }

    @Override
    public int batchRows() {
        return task.batchRows();
    }

    @Override
    public List<RowFilter> openFilters() {
        List<RowFilter> filters = new ArrayList<>();
        for (Expression condition : spec.conditions()) {
            TreeSet<Integer> used = new TreeSet<>();
            Expression ignored =
                    Expressions.remap(
                            condition,
                            column -> {
                                used.add(column);
                                return column;
                            });
            List<Integer> columns = List.copyOf(used);
            filters.add(new Condition(columns, Expressions.remap(condition, columns::indexOf), task));
        }
        return filters;
    }

    private static final class Condition implements RowFilter {
        private final int[] columns;
        private final PredicateEvaluator evaluator;

        Condition(List<Integer> columns, Expression condition, OperatorContext task) {
            this.columns = columns.stream().mapToInt(i -> i).toArray();
            this.evaluator = PredicateEvaluator.of(condition, task);
        }

        @Override
        public int[] columns() {
            return columns.clone();
        }

        @Override
        public void narrow(Batch batch) {
            evaluator.narrow(batch);
        }

        @Override
        public void close() {
            evaluator.close();
        }
    }
}
