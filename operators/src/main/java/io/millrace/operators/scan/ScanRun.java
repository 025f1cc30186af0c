package io.millrace.operators.scan;

import io.millrace.connectors.api.HandoverReport;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceRun;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.contract.RunContext;
import java.util.Optional;

/** One execution of a scan. Its {@link #source} tells how far it is. */
public final class ScanRun implements OperatorRun {
    private final ScanSpec spec;
    private final SourceRun source;
    private final long idleTimeoutNanos;
    private final ReaderTimes readers;

    ScanRun(ScanSpec spec, RunContext context) {
        this.spec = spec;
        this.idleTimeoutNanos = context.idleTimeoutNanos();
        this.readers = new ReaderTimes(context.taskCount());
        int[] projection = spec.projection().stream().mapToInt(Integer::intValue).toArray();
        this.source =
                spec.source()
                        .start(
                                new ScanRequest(
                                        projection,
                                        spec.predicates(),
                                        spec.watermarks() ? spec.eventTime() : null,
                                        context.taskCount(),
                                        idleTimeoutNanos,
                                        context.restoredValues(ScanOperator.READER)));
    }

    public ScanSpec spec() {
        return spec;
    }

    /** A view: closed with this run. */
    public SourceRun source() {
        return source;
    }

    @Override
    public Optional<SourceProgress> progress() {
        return Optional.of(source.progress());
    }

    @Override
    public Optional<HandoverReport> handover() {
        return source.handover();
    }

    @Override
    public void drain() {
        source.drain();
    }

    @Override
    public Operator open(OperatorContext context) {
        return new ScanOperator(
                spec,
                context,
                source.open(context.taskIndex(), new FilteringContext(context, spec)),
                idleTimeoutNanos,
                readers);
    }

    @Override
    public void close() {
        source.close();
    }
}
