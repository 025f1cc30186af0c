package io.millrace.engine;

import io.millrace.memory.batch.Batch;

/** Where a result's rows come from. One thread, but for {@link #cancel}. */
interface RowStream extends AutoCloseable {
    /** The next batch, valid until the next call; null at the end. Waits. */
    Batch next() throws InterruptedException;

    /** Asks for the end; any thread. */
    default void cancel() {}

    /** Stops whatever runs for it. Idempotent. */
    @Override
    void close();

    /** No rows. */
    static RowStream none() {
        return FixedRows.NONE;
    }
}
