package io.millrace.operators.window;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.Schema;
import io.millrace.operators.aggregate.AggregateCall;
import io.millrace.operators.contract.Meaning;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.RunContext;
import io.millrace.state.checkpoint.StateMeaning;
import java.util.ArrayList;
import java.util.List;

/**
 * Groups rows by window of event time and by keys. A window's final rows go out when the watermark passes its end. With
 * early results the rows of open windows that changed go out at each live epoch, as retractions and additions. Rows
 * whose last window has closed go to the side table of late rows.
 *
 * <p>The output has the keys, then the aggregates, then those of window_start, window_end and window_time that are
 * asked for.
 *
 * @param timeColumn TIMESTAMP input column, the event time
 * @param keys input columns
 * @param boundaries which of the window's boundaries come out, in this order
 * @param lateTable name of the table whose late rows these are, and bad ones: those without an event time
 */
public record WindowAggregateSpec(
        Schema inputSchema,
        WindowShape shape,
        int timeColumn,
        List<Integer> keys,
        List<AggregateCall> calls,
        List<Boundary> boundaries,
        Schema outputSchema,
        ChangelogKind inputKind,
        boolean earlyResults,
        String lateTable)
        implements OperatorSpec {
    /** A window's boundaries as SQL names them. */
    public enum Boundary {
        WINDOW_START,
        WINDOW_END,
        /** The last moment within: end less one millisecond, as Flink has it. */
        WINDOW_TIME
    }

    public WindowAggregateSpec {
        keys = List.copyOf(keys);
        calls = List.copyOf(calls);
        boundaries = List.copyOf(boundaries);
    }

    @Override
    public String name() {
        return "WindowAggregate";
    }

    @Override
    public String describe() {
        return "time=$"
                + timeColumn
                + " size="
                + shape.sizeMicros()
                + "us slide="
                + shape.slideMicros()
                + "us by="
                + keys
                + " "
                + calls
                + (earlyResults ? " early" : "");
    }

    @Override
    public ChangelogKind changelogKind() {
        return earlyResults ? ChangelogKind.RETRACT : ChangelogKind.APPEND;
    }

    @Override
    public Meaning meaning(List<Meaning> inputs) {
        Meaning input = inputs.getFirst();
        List<String> columns = new ArrayList<>();
        keys.forEach(key -> columns.add(input.column(key)));
        calls.forEach(call -> columns.add(call.meaning(input)));
        boundaries.forEach(boundary -> columns.add(boundary.name()));
        return new Meaning(base(input), columns);
    }

    private String base(Meaning input) {
        return "windows of "
                + shape
                + " by "
                + input.column(timeColumn)
                + " of ("
                + input.rows()
                + ") by "
                + input.unordered(keys);
    }

    @Override
    public StateMeaning stateMeaning(List<Meaning> inputs) {
        Meaning input = inputs.getFirst();
        // In their order: rows are kept by place.
        String text =
                base(input)
                        + keys.stream().map(input::column).toList()
                        + calls.stream().map(call -> call.meaning(input)).toList()
                        + (earlyResults ? " early" : "");
        return new StateMeaning(
                text,
                StateMeaning.untyped(base(input)),
                keys.stream().map(key -> input.part(key, inputSchema.type(key))).toList(),
                calls.stream().map(call -> call.part(input, inputSchema)).toList(),
                inputKind + (earlyResults ? " early" : ""),
                "");
    }

    @Override
    public OperatorRun start(RunContext context) {
        return operator -> new WindowAggregateOperator(this, operator);
    }
}
