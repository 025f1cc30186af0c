package io.millrace.scheduler.simulation;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.memory.batch.Batch;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.Output;
import io.millrace.operators.contract.SourceOperator;

/** An operator before each of whose calls something may throw; nothing of the call is then made. */
class FaultyOperator implements Operator {
    private final Operator operator;
    private final Runnable before;

    private FaultyOperator(Operator operator, Runnable before) {
        this.operator = operator;
        this.before = before;
    }

    static Operator wrap(Operator operator, Runnable before) {
        return operator instanceof SourceOperator source
                ? new FaultySource(source, before)
                : new FaultyOperator(operator, before);
    }

    @Override
    public void process(int input, Batch batch, Output output) {
        try {
            before.run();
        } catch (RuntimeException fault) {
            batch.close();
            throw fault;
        }
        operator.process(input, batch, output);
    }

    @Override
    public final void advance(long watermarkMicros, Output output) {
        before.run();
        operator.advance(watermarkMicros, output);
    }

    @Override
    public final void endEpoch(EpochMarker marker, Output output) {
        before.run();
        operator.endEpoch(marker, output);
    }

    @Override
    public final boolean hasPending() {
        return operator.hasPending();
    }

    @Override
    public final boolean resume(Output output) {
        before.run();
        return operator.resume(output);
    }

    @Override
    public final IoTask<Prepared> prepare(long checkpoint) {
        before.run();
        return operator.prepare(checkpoint);
    }

    @Override
    public final boolean wantsCheckpoint() {
        return operator.wantsCheckpoint();
    }

    @Override
    public final boolean isSatisfied() {
        return operator.isSatisfied();
    }

    @Override
    public final void close() {
        operator.close();
    }

    private static final class FaultySource extends FaultyOperator implements SourceOperator {
        private final SourceOperator source;
        private final Runnable beforePoll;

        private FaultySource(SourceOperator source, Runnable before) {
            super(source, before);
            this.source = source;
            this.beforePoll = before;
        }

        @Override
        public Poll poll(Output output) {
            beforePoll.run();
            return source.poll(output);
        }
    }
}
