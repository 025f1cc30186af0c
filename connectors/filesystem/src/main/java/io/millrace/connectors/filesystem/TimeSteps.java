package io.millrace.connectors.filesystem;

import java.util.Arrays;

/**
 * What is known of the event times of a part, step by step: no row from a step on is earlier than the step's bound.
 * Immutable.
 */
final class TimeSteps {
    /** Of rows without an event time: they hold nothing back. */
    static final long NO_TIME = Long.MAX_VALUE;

    private final long[] firstRows;
    private final long[] lowest;

    /** Steps by the first row of each; there is always one, though it may have no row. */
    TimeSteps(long[] firstRows, long[] lowest) {
        this.firstRows = firstRows;
        this.lowest = lowest;
    }

    /** All that a file tells of itself: one step. */
    static TimeSteps whole(long lowest) {
        return new TimeSteps(new long[] {0}, new long[] {lowest});
    }

    /** No row from this one on is earlier. */
    long from(long row) {
        int found = Arrays.binarySearch(firstRows, row);
        int step = found >= 0 ? found : -found - 2;
        return lowest[Math.clamp(step, 0, lowest.length - 1)];
    }

    long min() {
        return lowest[0];
    }
}
