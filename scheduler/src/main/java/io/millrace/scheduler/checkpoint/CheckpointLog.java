package io.millrace.scheduler.checkpoint;

import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.StateFiles;

/** Where the checkpoints of a job go. Thread-safe; all but {@link #nextCheckpoint} may block. */
public interface CheckpointLog {
    /** The number that the next checkpoint will have. */
    long nextCheckpoint();

    /** Makes the checkpoint exist. FENCED when a later incarnation has begun; then the job must stop. */
    void publish(Manifest manifest);

    /** Called when a checkpoint has been committed: forgets those that are not needed any more. */
    void retain();

    StateFiles files();
}
