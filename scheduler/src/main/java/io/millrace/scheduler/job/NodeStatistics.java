package io.millrace.scheduler.job;

/**
 * What a node has done so far, summed over its tasks. Rows are those that count; a shared batch counts once.
 *
 * @param watermarkMicros the least of its tasks': of a source the one it emitted; {@link Long#MIN_VALUE} before the
 *     first
 * @param busyNanos in the operator's own calls
 * @param idleNanos in which its tasks had nothing to do
 * @param backpressuredNanos in which its tasks could not go on because downstream had enough
 * @param endedTasks of {@code tasks}, whose input has ended
 */
public record NodeStatistics(
        int nodeId,
        String nodeName,
        int tasks,
        int endedTasks,
        long rowsIn,
        long batchesIn,
        long rowsOut,
        long batchesOut,
        long watermarkMicros,
        long busyNanos,
        long idleNanos,
        long backpressuredNanos) {}
