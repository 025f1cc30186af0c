package io.millrace.connectors.filesystem;

/**
 * What is known of the event times of a row group, step by step: no row from a step on is earlier than the step's
 * bound. Immutable.
 */
final class TimeSteps {
    /** Of rows without an event time: they hold nothing back. */
    static final long NO_TIME = Long.MAX_VALUE;

    private final int stepRows;
    private final long[] lowest;

    TimeSteps(int stepRows, long[] lowest) {
        this.stepRows = stepRows;
        this.lowest = lowest;
    }

    /** All that a footer tells: one step. */
    static TimeSteps whole(long lowest) {
        return new TimeSteps(Integer.MAX_VALUE, new long[] {lowest});
    }

    /** No row from this one on is earlier. */
    long from(long row) {
        return lowest[(int) Math.min(lowest.length - 1, row / stepRows)];
    }

    long min() {
        return lowest[0];
    }
}
