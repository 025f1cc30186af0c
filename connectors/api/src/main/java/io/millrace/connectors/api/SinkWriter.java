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
     * Seals all it was given up to now: that belongs to this checkpoint, what is written after it to the next. The
     * result comes when what was sealed survives a crash, and is enough for {@link SinkRun#commit} to make it visible,
     * in this process or another. Checkpoints rise; the one at the end of the input is {@link Long#MAX_VALUE}. More may
     * be written, and the next checkpoint prepared, before the result has come.
     */
    IoTask<Prepared> prepare(long checkpoint);

    /**
     * Whether a checkpoint before its time would let it go on: what it may keep until the next one is nearly full.
     * Asked by the same thread as the rest.
     */
    default boolean wantsCheckpoint() {
        return false;
    }

    /** Frees its memory; what was not committed is left to {@link SinkRun#abort}. Idempotent. */
    @Override
    void close();
}
