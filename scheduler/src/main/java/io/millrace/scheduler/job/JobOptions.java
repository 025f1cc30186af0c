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
 */
public record JobOptions(
        int batchRows,
        long epochNanos,
        long checkpointIntervalNanos,
        long idleTimeoutNanos,
        int keyGroups,
        KernelMode kernels,
        int ringCapacityBatches,
        boolean changing) {
    public static final JobOptions DEFAULTS =
            new JobOptions(4096, 100_000_000L, 0, 0, 128, KernelMode.COMPILED, 8, false);

    private static final int MAX_KEY_GROUPS = 1 << 15;

    public JobOptions {
        Objects.requireNonNull(kernels, "kernels");
        require(batchRows >= 1, "batchRows >= 1", batchRows);
        require(epochNanos >= 1, "epochNanos >= 1", epochNanos);
        require(checkpointIntervalNanos >= 0, "checkpointIntervalNanos >= 0", checkpointIntervalNanos);
        require(idleTimeoutNanos >= 0, "idleTimeoutNanos >= 0", idleTimeoutNanos);
        require(keyGroups >= 1 && keyGroups <= MAX_KEY_GROUPS, "keyGroups from 1 to " + MAX_KEY_GROUPS, keyGroups);
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
                changing);
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
                changing);
    }

    public JobOptions withCheckpointIntervalNanos(long nanos) {
        return new JobOptions(
                batchRows, epochNanos, nanos, idleTimeoutNanos, keyGroups, kernels, ringCapacityBatches, changing);
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
                changing);
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
                changing);
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
                changing);
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
                changing);
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
                wanted);
    }
}
