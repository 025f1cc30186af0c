package io.millrace.scheduler.checkpoint;

import io.millrace.state.checkpoint.CheckpointStore;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.StateFiles;

/**
 * Checkpoints in a store.
 *
 * @param kept how many stay
 */
public record StoredCheckpoints(CheckpointStore store, int kept) implements CheckpointLog {
    @Override
    public long nextCheckpoint() {
        return store.nextCheckpoint();
    }

    @Override
    public void publish(Manifest manifest) {
        store.publish(manifest);
    }

    @Override
    public void retain() {
        store.retain(kept);
    }

    @Override
    public StateFiles files() {
        return store.files();
    }
}
