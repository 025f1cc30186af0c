package io.millrace.engine.durable;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;

/**
 * How a job shall be kept.
 *
 * @param stateDirectory a local directory of one process, or null
 * @param checkpoints where checkpoints go; null for below the state directory
 * @param savepoints where those of stops go, and those that are asked for by name; null for {@code savepoints} below
 *     the state directory, or below the checkpoints when those lie elsewhere
 * @param from a savepoint or checkpoint to start from; null for the newest checkpoint there is
 * @param allowsDroppedState whether state that the job has no use for may be left behind
 */
public record Durability(
        String stateDirectory, String checkpoints, String savepoints, String from, boolean allowsDroppedState) {
    /** A job that begins anew each time. */
    public static final Durability NONE = new Durability(null, null, null, null, false);

    public Durability {
        String needy = from != null ? "--from" : savepoints != null ? "--savepoints" : null;
        if (needy != null && stateDirectory == null && checkpoints == null) {
            throw new MillraceException(ErrorCode.USAGE, needy + " needs a place for the checkpoints that follow")
                    .withHelp("Add --state DIR or --checkpoints URI.");
        }
    }

    /** With savepoints where they go unless told otherwise. */
    public Durability(String stateDirectory, String checkpoints, String from, boolean allowsDroppedState) {
        this(stateDirectory, checkpoints, null, from, allowsDroppedState);
    }

    /** Whether the job is to be kept at all. */
    public boolean isKept() {
        return stateDirectory != null || checkpoints != null;
    }
}
