package io.millrace.scheduler.job;

import io.millrace.operators.contract.EpochMarker;

/** Told of each epoch that all tasks of a job have passed, in order, on the job's supervising thread. */
@FunctionalInterface
public interface EpochListener {
    EpochListener NONE = marker -> {};

    /** All tasks have passed the marker. Must not block for long: the next marker waits. */
    void completed(EpochMarker marker);
}
