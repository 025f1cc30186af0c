package io.millrace.connectors.api;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much a sink's writers have stored with checkpoints that was not committed yet, and what follows from it: near the
 * bound an earlier checkpoint is asked for; over it the writers are held back. They are never stopped wholly, for the
 * barrier that ends their wait may lie behind batches that are on their way already: each goes on with a batch now and
 * then. Only output that grows to several times the bound all the same fails the job. Thread-safe.
 */
public final class StoredOutput {
    /** From this share of the bound on an earlier checkpoint is asked for. */
    private static final int ASKS_AT_PERCENT = 60;

    /** Over the bound a writer takes a batch each time so much has passed. */
    private static final long TRICKLE_NANOS = 20_000_000;

    /** So many times the bound is too much. */
    private static final int LIMIT_FACTOR = 4;

    private final String sink;
    private final long boundBytes;
    private final AtomicLong uncommittedBytes = new AtomicLong();

    /**
     * @param sink names it, for people
     * @param boundBytes {@link Long#MAX_VALUE} for none
     */
    public StoredOutput(String sink, long boundBytes) {
        this.sink = sink;
        this.boundBytes = boundBytes;
    }

    /** A writer stores so much. */
    public void stored(long bytes) {
        uncommittedBytes.addAndGet(bytes);
    }

    /** So much of it was committed. */
    public void committed(long bytes) {
        uncommittedBytes.addAndGet(-bytes);
    }

    /** For {@link SinkWriter#wantsCheckpoint}. */
    public boolean wantsCheckpoint() {
        return uncommittedBytes.get() >= boundBytes / 100 * ASKS_AT_PERCENT;
    }

    /**
     * For {@link SinkWriter#isFull}: whether a writer has to wait. DISK_FULL when what waits has grown far over the
     * bound.
     *
     * @param lastWriteNanos when it took its last batch, by the clock of {@code nowNanos}
     */
    public boolean holdsBack(long nowNanos, long lastWriteNanos) {
        long bytes = uncommittedBytes.get();
        if (bytes < boundBytes) {
            return false;
        }
        if (bytes / LIMIT_FACTOR >= boundBytes) {
            throw new MillraceException(
                            ErrorCode.DISK_FULL,
                            sink
                                    + ": output that waits for a checkpoint is bytes="
                                    + bytes
                                    + ", "
                                    + LIMIT_FACTOR
                                    + " times 'sink.buffer-size'="
                                    + boundBytes)
                    .withHelp(
                            "Do checkpoints succeed? If they do, shorten execution.checkpointing.interval or raise"
                                    + " 'sink.buffer-size'.");
        }
        return nowNanos - lastWriteNanos < TRICKLE_NANOS;
    }
}
