package io.millrace.scheduler.task;

/** What a step of a task came to. */
public enum StepResult {
    /** Something moved; step again. */
    WORKED,
    /** There was nothing to do. */
    IDLE,
    /** Downstream has enough. */
    BACKPRESSURED,
    /** The task is over: it must not be stepped again. */
    STOPPED
}
