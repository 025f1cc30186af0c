package io.millrace.scheduler.checkpoint;

/**
 * How the checkpoints of an execution went.
 *
 * @param completed in this execution
 * @param failed in this execution: given up, and the job went on
 * @param lastCheckpoint the last that was completed, or went on from; 0 for none
 * @param lastBytes of all its files
 * @param lastNanos from its injection until the sinks were committed
 * @param writtenBytes of all files that the checkpoints of this execution added to those before
 * @param lastPauseNanos the longest that a task did nothing else at the barrier of the last checkpoint begun
 * @param longestPauseNanos the same of all checkpoints of this execution
 * @param restoredCheckpoint that this execution went on from; 0 for none
 * @param lastFailure why the last one that failed did; null when none did
 */
public record CheckpointStatistics(
        long completed,
        long failed,
        long lastCheckpoint,
        long lastBytes,
        long lastNanos,
        long writtenBytes,
        long lastPauseNanos,
        long longestPauseNanos,
        long restoredCheckpoint,
        String lastFailure) {}
