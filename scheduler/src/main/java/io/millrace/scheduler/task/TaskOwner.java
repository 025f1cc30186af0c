package io.millrace.scheduler.task;

import io.millrace.scheduler.checkpoint.TaskSnapshots;

/** What a task and its job tell each other. Thread-safe, never blocks. */
public interface TaskOwner {
    /** Whether all tasks shall stop as they are. */
    boolean isStopping();

    /** A call of this task's operators failed, or the runtime did on its behalf; {@code nodeId} is -1 when of none. */
    void taskFailed(Task task, int nodeId, Throwable failure);

    /** The task has passed a marker. */
    void taskPassedEpoch(Task task);

    /** The task has freed all it had and will not be stepped again. */
    void taskStopped(Task task);

    /** Where tasks tell of their snapshots and of their ends. */
    TaskSnapshots snapshots();
}
