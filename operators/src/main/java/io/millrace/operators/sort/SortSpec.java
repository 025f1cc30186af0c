package io.millrace.operators.sort;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.Meaning;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.RunContext;
import io.millrace.state.checkpoint.StateMeaning;
import java.util.List;

/**
 * Orders bounded input, or only limits it when there are no keys. Its input is gathered. Rows that come and go are
 * ordered, and limited, as they are in the end.
 *
 * @param inputKind whether rows may be taken away again
 * @param offset rows left out first
 * @param limit rows at most, or -1 for all
 */
public record SortSpec(Schema outputSchema, ChangelogKind inputKind, List<SortKey> keys, long offset, long limit)
        implements OperatorSpec {
    public SortSpec {
        keys = List.copyOf(keys);
    }

    @Override
    public String name() {
        return keys.isEmpty() ? "Limit" : "Sort";
    }

    @Override
    public String describe() {
        return "keys=" + keys + (offset == 0 ? "" : " offset=" + offset) + (limit < 0 ? "" : " limit=" + limit);
    }

    @Override
    public ChangelogKind changelogKind() {
        return ChangelogKind.APPEND;
    }

    @Override
    public Meaning meaning(List<Meaning> inputs) {
        return limit < 0 && offset == 0 ? inputs.getFirst() : new Meaning(words(inputs), inputs.getFirst().columns());
    }

    @Override
    public StateMeaning stateMeaning(List<Meaning> inputs) {
        return StateMeaning.of(words(inputs));
    }

    private String words(List<Meaning> inputs) {
        Meaning input = inputs.getFirst();
        List<String> order =
                keys.stream()
                        .map(key -> input.column(key.column()) + " " + key.descending() + " " + key.nullsFirst())
                        .toList();
        return "rows "
                + input.columns()
                + " of ("
                + input.rows()
                + ") by "
                + order
                + " from "
                + offset
                + " to "
                + limit;
    }

    @Override
    public OperatorRun start(RunContext context) {
        boolean asTheyCome = keys.isEmpty() && inputKind == ChangelogKind.APPEND;
        return operator -> asTheyCome ? new LimitOperator(this, operator) : new SortOperator(this, operator);
    }
}
