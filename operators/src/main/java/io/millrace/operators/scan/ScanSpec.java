package io.millrace.operators.scan;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.ScanPredicate;
import io.millrace.connectors.api.Source;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.Meaning;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.RunContext;
import io.millrace.operators.expression.Expression;
import io.millrace.state.checkpoint.StateMeaning;
import java.util.List;

/**
 * Reads a connector's source, computes watermarks and notices idle splits.
 *
 * @param table for messages and side tables
 * @param projection indices into the source's schema; the output has these columns in this order
 * @param predicates hints for pruning; the plan still filters
 * @param conditions over the projected columns, which the source may ask before it decodes the rest; they give the same
 *     answer for the same values, and the plan still filters
 * @param eventTime over the projected columns, or null for a table that declares none; rows where it is NULL go to the
 *     table of bad rows, whatever the plan needs
 * @param watermarks whether the plan needs watermarks, and the order that goes with them
 */
public record ScanSpec(
        String table,
        Source source,
        List<Integer> projection,
        List<ScanPredicate> predicates,
        List<Expression> conditions,
        EventTime eventTime,
        boolean watermarks,
        Schema outputSchema)
        implements OperatorSpec {
    public ScanSpec {
        projection = List.copyOf(projection);
        predicates = List.copyOf(predicates);
        conditions = List.copyOf(conditions);
        if (watermarks && eventTime == null) {
            throw new IllegalArgumentException("expected an event time for watermarks, found eventTime=null");
        }
        if (projection.size() != outputSchema.size()) {
            throw new IllegalArgumentException(
                    "expected " + outputSchema.size() + " projected columns, found " + projection.size());
        }
    }

    @Override
    public String name() {
        return "Scan";
    }

    @Override
    public String describe() {
        String pruned = predicates.isEmpty() ? "" : " prune=" + predicates.size();
        String time = !watermarks ? "" : " watermark-delay=" + eventTime.delayMicros() + "us";
        return table
                + outputSchema.fields().stream().map(f -> f.name()).toList()
                + pruned
                + time
                + " "
                + source.describe();
    }

    @Override
    public ChangelogKind changelogKind() {
        return source.changelogKind();
    }

    @Override
    public Meaning meaning(List<Meaning> inputs) {
        return new Meaning(
                "table " + table, outputSchema.fields().stream().map(field -> table + "." + field.name()).toList());
    }

    @Override
    public StateMeaning stateMeaning(List<Meaning> inputs) {
        // What is pruned has no position.
        String text = "positions in table " + table + (predicates.isEmpty() ? "" : " where " + predicates);
        List<String> pruned =
                predicates.stream()
                        .map(one -> source.schema().name(one.column()) + " " + one.comparison() + " " + one.values())
                        .sorted()
                        .toList();
        String family = "positions in table " + table + (pruned.isEmpty() ? "" : " where " + pruned);
        return new StateMeaning(text, family, List.of(), List.of(), "", source.place());
    }

    @Override
    public OperatorRun start(RunContext context) {
        return new ScanRun(this, context);
    }
}
