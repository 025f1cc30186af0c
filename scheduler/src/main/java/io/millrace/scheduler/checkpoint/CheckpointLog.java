package io.millrace.scheduler.checkpoint;

import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.StateFiles;

/** Where the checkpoints of a job go. Thread-safe; all but {@link #nextCheckpoint} may block. */
public interface CheckpointLog {
    /** The number that the next checkpoint will have. */
    long nextCheckpoint();

    /** Makes the checkpoint exist. FENCED when a later incarnation has begun; then the job must stop. */
    void publish(Manifest manifest);

    /** Whether a later incarnation has begun, as far as can be seen; true where that cannot be told. Blocks. */
    default boolean isSuperseded() {
        return true;
    }

    /** Called when a checkpoint has been committed: forgets those that are not needed any more. */
    void retain();

    StateFiles files();

    /** A failure to restore a checkpoint, with what can be done about it, if anything. Blocks. */
    default MillraceException explain(MillraceException failure, long checkpoint) {
        return failure;
    }
}
