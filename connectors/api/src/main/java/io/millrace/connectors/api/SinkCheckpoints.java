package io.millrace.connectors.api;

import java.util.function.BooleanSupplier;

/**
 * What a sink is told of the checkpoints of its job.
 *
 * @param job names the job for as long as its state lives, over all its executions
 * @param incarnation of the job: greater than that of every earlier execution, so that those can be fenced
 * @param intervalNanos between checkpoints, which is how late output becomes visible
 * @param files stored with the checkpoints
 * @param change how the columns of what is restored differ from those that will be written; null for not at all
 * @param superseded blocks, and says whether a later execution of the same state has begun, as far as can be seen: one
 *     that writes where this one does while that is false belongs to another state of a job of this name
 */
public record SinkCheckpoints(
        String job,
        long incarnation,
        long intervalNanos,
        CheckpointFiles files,
        ColumnChange change,
        BooleanSupplier superseded) {
    /** Of a sink whose columns are what they were, where nobody can say whether another execution has begun. */
    public SinkCheckpoints(String job, long incarnation, long intervalNanos, CheckpointFiles files) {
        this(job, incarnation, intervalNanos, files, null, () -> true);
    }
}
