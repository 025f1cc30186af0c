package io.millrace.engine.job;

import io.millrace.memory.error.MillraceException;
import io.millrace.scheduler.checkpoint.CheckpointStatistics;
import io.millrace.scheduler.job.JobState;
import java.util.List;

/**
 * A job as people see it.
 *
 * @param runMillis since it was submitted, until its end
 * @param epoch the last that all its tasks have passed
 * @param views names
 * @param checkpoints how they went, or null when it takes none
 * @param failure why it failed, or null
 */
public record JobStatus(
        long id,
        String name,
        JobState state,
        long runMillis,
        long epoch,
        List<SourceStatus> sources,
        List<String> views,
        CheckpointStatistics checkpoints,
        MillraceException failure) {
    public JobStatus {
        sources = List.copyOf(sources);
        views = List.copyOf(views);
    }

    public long rowsRead() {
        return sources.stream().mapToLong(SourceStatus::rowsRead).sum();
    }

    public long bytesRead() {
        return sources.stream().mapToLong(SourceStatus::bytesRead).sum();
    }
}
