package io.millrace.operators.contract;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.memory.batch.Batch;

/**
 * One task's operator. It is driven by one worker at a time and never blocks, sleeps or locks.
 *
 * <p>It owns each batch it is given and must close it or emit it. Emission is resumable: when {@link Output#isFull}
 * turns true in the middle of something, it keeps the rest, answers {@link #hasPending} with true, and is called with
 * {@link #resume} until it has none; until then it is given nothing else, and no control passes it. An operator may
 * emit one more batch after the output is full, not an unbounded number.
 *
 * <p>Control is forwarded by the runtime after the call and its pending emission are over; an operator forwards none.
 */
public interface Operator extends AutoCloseable {
    /** The watermark that ends the input. */
    long END_OF_INPUT = Long.MAX_VALUE;

    /** What {@link #prepare} is told at the end of the input. */
    long FINAL_CHECKPOINT = Long.MAX_VALUE;

    /** Takes a batch of one of its inputs, counted from 0. */
    void process(int input, Batch batch, Output output);

    /**
     * No row with an event time before this will come again from any input. Watermarks rise strictly; the last one is
     * {@link #END_OF_INPUT}, after which nothing comes but {@link #close}.
     */
    default void advance(long watermarkMicros, Output output) {}

    /** All of an epoch has come; whatever is emitted by epoch goes out now. */
    default void endEpoch(EpochMarker marker, Output output) {}

    /** Whether something is still to be emitted or waited for on account of the last call. */
    default boolean hasPending() {
        return false;
    }

    /** Goes on with what is pending. Returns whether it got on at all. */
    default boolean resume(Output output) {
        return false;
    }

    /**
     * Seals what it has given to something outside of the job, for this checkpoint: at a barrier, after the epoch ended
     * and nothing is pending, and once at the end of the input. Null when it gives nothing to anybody.
     */
    default IoTask<Prepared> prepare(long checkpoint) {
        return null;
    }

    /** Whether it would rather have the next checkpoint soon, as what it sealed and may not yet send grows large. */
    default boolean wantsCheckpoint() {
        return false;
    }

    /**
     * Whether nothing that could still come matters, as once a LIMIT has its rows; asked before the first batch and
     * after each. Its input is then ended: it is told {@link #END_OF_INPUT}, and what feeds nobody else is closed
     * without being told anything.
     */
    default boolean isSatisfied() {
        return false;
    }

    /** Frees everything. Idempotent; comes at any time, also after a failed call. */
    @Override
    default void close() {}
}
