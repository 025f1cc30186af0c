package io.millrace.scheduler.job;

/** How far a job is. It only moves down this list. */
public enum JobState {
    /** Its nodes are being started. */
    CREATED,
    /** Its tasks run, or its sinks are making their results visible. */
    RUNNING,
    /** All input was read, all output is visible, all memory is free. */
    FINISHED,
    /** Something went wrong; nothing that was prepared became visible, all memory is free. */
    FAILED,
    /** It was asked to stop before it had finished; as {@link #FAILED} otherwise. */
    CANCELLED;

    public boolean isTerminal() {
        return this != CREATED && this != RUNNING;
    }
}
