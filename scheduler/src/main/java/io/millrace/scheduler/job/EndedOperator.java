package io.millrace.scheduler.job;

import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.memory.batch.Batch;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.Output;
import io.millrace.operators.contract.SourceOperator;

/** Stands for an operator that had ended before the checkpoint that its job goes on from. */
final class EndedOperator {
    private EndedOperator() {}

    static Operator of(boolean isSource) {
        return isSource ? new Source() : new Node();
    }

    private static final class Source implements SourceOperator {
        @Override
        public Poll poll(Output output) {
            return Poll.FINISHED;
        }
    }

    private static final class Node implements Operator {
        @Override
        public void process(int input, Batch batch, Output output) {
            batch.close();
        }

        @Override
        public boolean isSatisfied() {
            return true;
        }
    }
}
