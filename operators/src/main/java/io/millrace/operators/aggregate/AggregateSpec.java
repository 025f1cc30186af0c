package io.millrace.operators.aggregate;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.Meaning;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.RunContext;
import io.millrace.state.checkpoint.StateMeaning;
import java.util.ArrayList;
import java.util.List;

/**
 * Groups rows and aggregates each group. The output has the group keys, then the aggregates. Over bounded input each
 * group goes out once, at the end; otherwise by epoch, the old row taken away and the new one added. Without keys there
 * is one group, which exists even without rows; then the input must be gathered.
 *
 * @param groupKeys input columns
 * @param inputKind whether rows may be taken away again
 */
public record AggregateSpec(
        Schema inputSchema,
        List<Integer> groupKeys,
        List<AggregateCall> calls,
        Schema outputSchema,
        ChangelogKind inputKind,
        ChangelogKind changelogKind)
        implements OperatorSpec {
    public AggregateSpec {
        groupKeys = List.copyOf(groupKeys);
        calls = List.copyOf(calls);
        if (groupKeys.size() + calls.size() != outputSchema.size()) {
            throw new IllegalArgumentException(
                    "expected " + (groupKeys.size() + calls.size()) + " output columns, found " + outputSchema.size());
        }
    }

    @Override
    public String name() {
        return "Aggregate";
    }

    @Override
    public String describe() {
        return "by=" + groupKeys + " " + calls;
    }

    @Override
    public Meaning meaning(List<Meaning> inputs) {
        Meaning input = inputs.getFirst();
        List<String> columns = new ArrayList<>();
        groupKeys.forEach(key -> columns.add(input.column(key)));
        calls.forEach(call -> columns.add(call.meaning(input)));
        return new Meaning("groups of (" + input.rows() + ") by " + input.unordered(groupKeys), columns);
    }

    @Override
    public StateMeaning stateMeaning(List<Meaning> inputs) {
        Meaning input = inputs.getFirst();
        // In their order: rows are kept by place.
        String text =
                "groups of ("
                        + input.rows()
                        + ") by "
                        + groupKeys.stream().map(input::column).toList()
                        + calls.stream().map(call -> call.meaning(input)).toList();
        return new StateMeaning(
                text,
                StateMeaning.untyped("groups of (" + input.rows() + ") by " + input.unordered(groupKeys)),
                groupKeys.stream().map(key -> input.part(key, inputSchema.type(key))).toList(),
                calls.stream().map(call -> call.part(input, inputSchema)).toList(),
                inputKind + " to " + changelogKind,
                "");
    }

    @Override
    public OperatorRun start(RunContext context) {
        return operator -> new AggregateOperator(this, operator);
    }
}
