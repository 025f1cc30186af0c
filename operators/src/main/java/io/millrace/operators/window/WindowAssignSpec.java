package io.millrace.operators.window;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.types.Schema;
import io.millrace.operators.contract.Meaning;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.OperatorSpec;
import io.millrace.operators.contract.RunContext;
import java.util.ArrayList;
import java.util.List;

/**
 * A window table function on its own: each row once a window it lies in, with window_start, window_end and window_time
 * behind its columns. Rows without an event time are in no window and go to the side table of bad rows.
 *
 * @param table the name of the table whose bad rows these are
 */
public record WindowAssignSpec(
        Schema inputSchema,
        WindowShape shape,
        int timeColumn,
        Schema outputSchema,
        ChangelogKind changelogKind,
        String table)
        implements OperatorSpec {
    @Override
    public String name() {
        return "WindowAssign";
    }

    @Override
    public String describe() {
        return "time=$" + timeColumn + " size=" + shape.sizeMicros() + "us slide=" + shape.slideMicros() + "us";
    }

    @Override
    public Meaning meaning(List<Meaning> inputs) {
        Meaning input = inputs.getFirst();
        List<String> columns = new ArrayList<>(input.columns());
        columns.addAll(List.of("window_start", "window_end", "window_time"));
        String base = "rows of (" + input.base() + ") in windows of " + shape + " by " + input.column(timeColumn);
        return new Meaning(base, input.filters(), columns);
    }

    @Override
    public boolean keepsState() {
        return false;
    }

    @Override
    public OperatorRun start(RunContext context) {
        return operator -> new WindowAssignOperator(this, operator);
    }
}
