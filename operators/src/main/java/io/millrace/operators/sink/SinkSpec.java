package io.millrace.operators.sink;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Sink;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.Meaning;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.RunContext;
import io.millrace.state.checkpoint.StateMeaning;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes its input to a connector's sink; materialized views and a client's results are sinks of the engine.
 *
 * @param table for messages
 * @param outputSchema the columns by the names under which they are written
 * @param placedBy columns by whose hash rows are dealt to tasks; null when that is not known
 * @param required columns in which a NULL fails the job, ascending: what a table declares, not what a plan infers
 */
public record SinkSpec(
        String table,
        Sink sink,
        Schema outputSchema,
        ChangelogKind changelogKind,
        List<Integer> required,
        List<Integer> placedBy)
        implements OperatorSpec {
    public SinkSpec {
        required = List.copyOf(required);
    }

    @Override
    public String name() {
        return "Sink";
    }

    @Override
    public String describe() {
        return table + " " + sink.describe();
    }

    @Override
    public Meaning meaning(List<Meaning> inputs) {
        return new Meaning(words(inputs), List.of());
    }

    private String words(List<Meaning> inputs) {
        return "table " + table + " from " + inputs.getFirst().columns() + " of (" + inputs.getFirst().rows() + ")";
    }

    @Override
    public StateMeaning stateMeaning(List<Meaning> inputs) {
        if (!sink.keepsRows()) {
            // What was sealed is output already, whatever comes after it.
            String family = "output of table " + table;
            String how = sink.describe() + (sink.sealsByColumn() ? " of " + outputSchema.fields() : "");
            return new StateMeaning(words(inputs), family, List.of(), List.of(), how, "");
        }
        Meaning input = inputs.getFirst();
        List<StateMeaning.Part> columns = new ArrayList<>();
        for (int i = 0; i < outputSchema.size(); i++) {
            columns.add(input.part(i, outputSchema.type(i)));
        }
        List<String> key =
                sink.writerKey(changelogKind).stream().map(column -> columns.get(column).what()).sorted().toList();
        return new StateMeaning(
                words(inputs),
                StateMeaning.untyped("table " + table + " of (" + input.rows() + ")"),
                List.of(),
                columns,
                changelogKind + " by " + key,
                "");
    }

    @Override
    public boolean keepsState() {
        return sink.keepsRows();
    }

    @Override
    public OperatorRun start(RunContext context) {
        return new SinkOperatorRun(this, context);
    }
}
