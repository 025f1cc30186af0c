package io.millrace.scheduler.checkpoint;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.CheckpointStore;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.StateFiles;
import java.util.concurrent.atomic.AtomicInteger;

/** Checkpoints in a store, of which the newest stay. */
public final class StoredCheckpoints implements CheckpointLog {
    private final CheckpointStore store;
    private final int kept;
    private final AtomicInteger holds = new AtomicInteger();

    /**
     * Checkpoints of a job.
     *
     * @param kept how many stay
     */
    public StoredCheckpoints(CheckpointStore store, int kept) {
        this.store = store;
        this.kept = kept;
    }

    /** Forgets none until {@link #release}, as while one is copied. */
    public void hold() {
        holds.incrementAndGet();
    }

    public void release() {
        holds.decrementAndGet();
    }

    @Override
    public long nextCheckpoint() {
        return store.nextCheckpoint();
    }

    @Override
    public void publish(Manifest manifest) {
        store.publish(manifest);
    }

    @Override
    public boolean isSuperseded() {
        return store.isSuperseded();
    }

    @Override
    public void retain() {
        if (holds.get() == 0) {
            store.retain(kept);
        }
    }

    @Override
    public StateFiles files() {
        return store.files();
    }

    @Override
    public MillraceException explain(MillraceException failure, long checkpoint) {
        boolean isDamage = failure.code() == ErrorCode.CORRUPT_DATA && failure.help() == null;
        return isDamage ? store.withOneBefore(failure, checkpoint) : failure;
    }
}
