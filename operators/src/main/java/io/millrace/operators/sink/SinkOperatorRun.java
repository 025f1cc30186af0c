package io.millrace.operators.sink;

import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.RowPlacement;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.RunContext;
import java.util.List;

/** One execution of a sink. */
public final class SinkOperatorRun implements OperatorRun {
    private final SinkSpec spec;
    private final SinkRun run;

    SinkOperatorRun(SinkSpec spec, RunContext context) {
        this.spec = spec;
        this.run =
                spec.sink()
                        .start(
                                new SinkRequest(
                                        context.jobName(),
                                        spec.outputSchema(),
                                        spec.changelogKind(),
                                        context.taskCount(),
                                        context.bounded(),
                                        context.operatorId(),
                                        context.checkpoints(),
                                        spec.placedBy() == null
                                                ? null
                                                : new RowPlacement(spec.placedBy(), context.keyGroups())));
    }

    public SinkSpec spec() {
        return spec;
    }

    /** A view: closed with this run. */
    public SinkRun sink() {
        return run;
    }

    @Override
    public Operator open(OperatorContext context) {
        return new SinkOperator(this, run.open(context.taskIndex(), context));
    }

    @Override
    public void recover(long checkpoint, List<Prepared> prepared) {
        run.recover(checkpoint, prepared);
    }

    @Override
    public void commit(long checkpoint, List<Prepared> prepared) {
        run.commit(checkpoint, prepared);
    }

    @Override
    public void abort() {
        run.abort();
    }

    @Override
    public void close() {
        run.close();
    }
}
