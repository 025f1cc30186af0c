package io.millrace.operators.contract;

import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.MillraceException;

/** An operator without inputs, which is polled instead. It alone emits watermarks. */
public interface SourceOperator extends Operator {
    /** Emits what it has. {@link Poll#FINISHED} ends the task: the runtime then sends {@link #END_OF_INPUT}. */
    Poll poll(Output output);

    @Override
    default void process(int input, Batch batch, Output output) {
        batch.close();
        throw MillraceException.internal("a batch for a source");
    }
}
