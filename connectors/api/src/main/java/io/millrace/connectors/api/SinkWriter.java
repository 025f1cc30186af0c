package io.millrace.connectors.api;

import io.millrace.memory.batch.Batch;

/** One task's share of a sink. Called by one worker at a time; no method blocks. */
public interface SinkWriter extends AutoCloseable {
    /** Whether it must not be given more until I/O of its own has ended. */
    boolean isFull();

    /** Takes a batch; only when not full. */
    void write(Batch batch);

    /**
     * No row with an event time before this will be written again; {@link Long#MAX_VALUE} at the end of the input.
     * Rises strictly. How a view knows its frontier.
     */
    default void watermark(long watermarkMicros) {}

    /** The end of an epoch: what was written may be sent on its way, and changes of one key folded. */
    default void endEpoch(long epoch) {}

    /**
     * Begins to write out all it was given, up to now; the result names it for {@link SinkRun#commit}. Nothing is
     * written until it is done.
     */
    IoTask<byte[]> prepare(long checkpoint);

    /** Frees its memory; what was not committed is left to {@link SinkRun#abort}. Idempotent. */
    @Override
    void close();
}
