package io.millrace.scheduler.job;

import io.millrace.operators.contract.KernelMode;
import java.util.Objects;

/**
 * What an execution may be told.
 *
 * @param batchRows rows of a full batch: {@code execution.batch-rows}
 * @param epochNanos between epoch markers: {@code view.epoch}
 * @param checkpointIntervalNanos between barriers: {@code execution.checkpointing.interval}; 0 for none
 * @param idleTimeoutNanos after which an idle source split no longer holds the watermark; 0 for never
 * @param keyGroups into which keys are divided: {@code state.key-groups}
 * @param kernels how expressions run: {@code execution.kernels}
 * @param ringCapacityBatches that may wait between two tasks
 * @param changing whether results that will still change are wanted even though all inputs end: streaming mode over
 *     bounded input
 * @param stateMemoryPercent of the memory for rows, what tables may hold before the first goes to disk: {@code
 *     state.memory-percent}
 */
public record JobOptions(
        int batchRows,
        long epochNanos,
        long checkpointIntervalNanos,
        long idleTimeoutNanos,
        int keyGroups,
        KernelMode kernels,
        int ringCapacityBatches,
        boolean changing,
        int stateMemoryPercent) {
    public static final JobOptions DEFAULTS =
            new JobOptions(4096, 100_000_000L, 0, 0, 128, KernelMode.COMPILED, 8, false, 55);

    private static final int MAX_KEY_GROUPS = 1 << 15;

    public JobOptions {
        Objects.requireNonNull(kernels, "kernels");
        require(batchRows >= 1, "batchRows >= 1", batchRows);
        require(epochNanos >= 1, "epochNanos >= 1", epochNanos);
        require(checkpointIntervalNanos >= 0, "checkpointIntervalNanos >= 0", checkpointIntervalNanos);
        require(idleTimeoutNanos >= 0, "idleTimeoutNanos >= 0", idleTimeoutNanos);
        require(keyGroups >= 1 && keyGroups <= MAX_KEY_GROUPS, "keyGroups from 1 to " + MAX_KEY_GROUPS, keyGroups);
        require(
                stateMemoryPercent >= 0 && stateMemoryPercent <= 80,
                "stateMemoryPercent from 0 to 80",
                stateMemoryPercent);
        require(ringCapacityBatches >= 1, "ringCapacityBatches >= 1", ringCapacityBatches);
    }

    private static void require(boolean holds, String expected, long found) {
        if (!holds) {
            throw new IllegalArgumentException("expected " + expected + ", found " + found);
        }
    }

    public JobOptions withBatchRows(int rows) {
        return new JobOptions(
                rows,
                epochNanos,
                checkpointIntervalNanos,
                idleTimeoutNanos,
                keyGroups,
                kernels,
                ringCapacityBatches,
                changing,
                stateMemoryPercent);
    }

    public JobOptions withEpochNanos(long nanos) {
        return new JobOptions(
                batchRows,
                nanos,
                checkpointIntervalNanos,
                idleTimeoutNanos,
                keyGroups,
                kernels,
                ringCapacityBatches,
                changing,
                stateMemoryPercent);
    }

    public JobOptions withCheckpointIntervalNanos(long nanos) {
        return new JobOptions(
                batchRows,
                epochNanos,
                nanos,
                idleTimeoutNanos,
                keyGroups,
                kernels,
                ringCapacityBatches,
                changing,
                stateMemoryPercent);
    }

    public JobOptions withIdleTimeoutNanos(long nanos) {
        return new JobOptions(
                batchRows,
                epochNanos,
                checkpointIntervalNanos,
                nanos,
                keyGroups,
                kernels,
                ringCapacityBatches,
                changing,
                stateMemoryPercent);
    }

    public JobOptions withKeyGroups(int groups) {
        return new JobOptions(
                batchRows,
                epochNanos,
                checkpointIntervalNanos,
                idleTimeoutNanos,
                groups,
                kernels,
                ringCapacityBatches,
                changing,
                stateMemoryPercent);
    }

    public JobOptions withKernels(KernelMode mode) {
        return new JobOptions(
                batchRows,
                epochNanos,
                checkpointIntervalNanos,
                idleTimeoutNanos,
                keyGroups,
                mode,
                ringCapacityBatches,
                changing,
                stateMemoryPercent);
    }

    public JobOptions withRingCapacityBatches(int batches) {
        return new JobOptions(
                batchRows,
                epochNanos,
                checkpointIntervalNanos,
                idleTimeoutNanos,
                keyGroups,
                kernels,
                batches,
                changing,
                stateMemoryPercent);
    }

    public JobOptions withChanging(boolean wanted) {
        return new JobOptions(
                batchRows,
                epochNanos,
                checkpointIntervalNanos,
                idleTimeoutNanos,
                keyGroups,
                kernels,
                ringCapacityBatches,
                wanted,
                stateMemoryPercent);
    }

    public JobOptions withStateMemoryPercent(int percent) {
        return new JobOptions(
                batchRows,
                epochNanos,
                checkpointIntervalNanos,
                idleTimeoutNanos,
                keyGroups,
                kernels,
                ringCapacityBatches,
                changing,
                percent);
    }
}
