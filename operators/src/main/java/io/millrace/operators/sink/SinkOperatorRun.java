package io.millrace.operators.sink;

import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.RunContext;
import java.util.ArrayList;
import java.util.List;

/** One execution of a sink: collects what the writers prepared, and commits it when all have ended. */
public final class SinkOperatorRun implements OperatorRun {
    /** The commit at the end of the input. */
    static final long FINAL_CHECKPOINT = Long.MAX_VALUE;

    private final SinkSpec spec;
    private final SinkRun run;
    private final List<Prepared> prepared = new ArrayList<>();

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
                                        context.bounded()));
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

    synchronized void addPrepared(Prepared name) {
        prepared.add(name);
    }

    private synchronized List<Prepared> takePrepared() {
        List<Prepared> taken = List.copyOf(prepared);
        prepared.clear();
        return taken;
    }

    @Override
    public void complete() {
        run.commit(FINAL_CHECKPOINT, takePrepared());
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
