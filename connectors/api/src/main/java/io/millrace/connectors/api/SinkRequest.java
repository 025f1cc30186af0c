package io.millrace.connectors.api;

import io.millrace.memory.types.Schema;

/**
 * What an execution of a sink is told.
 *
 * @param schema of the batches that will be written
 * @param changelogKind of the batches that will be written
 * @param bounded whether the input ends by itself
 * @param sinkName names the sink within the job, the same in each execution
 * @param checkpoints null when the job takes none: then all is committed once, at the end
 * @param placement by which rows are dealt to the writers; null when nothing is known of it
 */
public record SinkRequest(
        String jobName,
        Schema schema,
        ChangelogKind changelogKind,
        int writerCount,
        boolean bounded,
        String sinkName,
        SinkCheckpoints checkpoints,
        RowPlacement placement) {
    /** A request of a sink that any writer's rows may come from. */
    public SinkRequest(
            String jobName,
            Schema schema,
            ChangelogKind changelogKind,
            int writerCount,
            boolean bounded,
            String sinkName,
            SinkCheckpoints checkpoints) {
        this(jobName, schema, changelogKind, writerCount, bounded, sinkName, checkpoints, null);
    }

    /** A request of a job that takes no checkpoints. */
    public SinkRequest(String jobName, Schema schema, ChangelogKind changelogKind, int writerCount, boolean bounded) {
        this(jobName, schema, changelogKind, writerCount, bounded, "sink", null);
    }
}
