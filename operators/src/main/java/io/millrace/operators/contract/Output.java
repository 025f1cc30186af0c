package io.millrace.operators.contract;

import io.millrace.memory.batch.Batch;

/** Where an operator puts what it emits. */
public interface Output {
    /** Whether downstream has enough for now. */
    boolean isFull();

    /** Takes the batch. A batch without selected rows is dropped. */
    void emit(Batch batch);

    /** Only of a {@link SourceOperator}: no later batch of it holds an earlier event time. Must rise. */
    void watermark(long watermarkMicros);
}
