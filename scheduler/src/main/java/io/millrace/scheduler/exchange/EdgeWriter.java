package io.millrace.scheduler.exchange;

import io.millrace.memory.batch.Batch;

/** The emitting end of an edge: spreads one task's output over the tasks of a reader. Owned by that task. */
public interface EdgeWriter extends AutoCloseable {
    /** Everything to the first reader; the others get control alone. */
    static EdgeWriter toFirst(Sender[] senders) {
        return new WholeBatchWriter(senders, WholeBatchWriter.Spread.FIRST);
    }

    /** Whole batches to each reader in turn, past those that have enough. */
    static EdgeWriter inTurn(Sender[] senders) {
        return new WholeBatchWriter(senders, WholeBatchWriter.Spread.TURNS);
    }

    /** Everything to every reader. */
    static EdgeWriter toAll(Sender[] senders) {
        return new WholeBatchWriter(senders, WholeBatchWriter.Spread.ALL);
    }

    /** Whether the readers have enough for now; one more batch is taken all the same. */
    boolean isFull();

    /** How many batches may wait for each reader from now on, at most as many as the channels were made for. */
    void limit(int batches);

    /** Takes a batch with at least one row that counts. */
    void write(Batch batch);

    /** Takes a watermark or marker, which every reader gets, after all rows written before. */
    void control(Object item);

    /**
     * Moves on what waits for room; with rows gathered in part, those for a reader that has nothing to do, or all of
     * them when {@code idle}, as nothing more will come soon. Returns whether anything moved.
     */
    boolean flush(boolean idle);

    /** Whether something was written that no channel has taken. */
    boolean hasPending();

    /** Whether no reader wants anything any more. */
    boolean isAbandoned();

    /** Releases whatever was not sent. Idempotent. */
    @Override
    void close();
}
