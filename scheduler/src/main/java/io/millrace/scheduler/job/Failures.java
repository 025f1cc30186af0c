package io.millrace.scheduler.job;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;

/** The first failure of a job and those after it, however little memory is left to note them. Thread-safe. */
final class Failures {
    /** What an INTERNAL failure may follow from; enough to see a pattern. */
    private static final int MAX_SUPPRESSED = 32;

    /** Made in time: where one cannot be noted, there is no memory for another. */
    private final MillraceException unspeakable =
            new MillraceException(ErrorCode.OUT_OF_MEMORY, "the JVM's own memory is spent, even to say for what")
                    .withHelp("Raise --memory, of which the heap and direct buffers are parts.");

    private final String label;
    private MillraceException first;
    private int suppressed;

    /** Those of a job of this name. */
    Failures(String job) {
        this.label = "job " + job;
    }

    /** Notes a failure of a part of the job, null for none of them; returns whether it is the first. */
    synchronized boolean add(Throwable failure, String part) {
        MillraceException known;
        try {
            known = MillraceException.wrap(failure).inContext(part == null ? label : label + " " + part);
        } catch (OutOfMemoryError spent) {
            known = unspeakable;
        }
        if (first == null) {
            first = known;
            return true;
        }
        if (suppressed < MAX_SUPPRESSED && known != first) {
            suppressed++;
            suppress(known);
        }
        return false;
    }

    private void suppress(MillraceException known) {
        try {
            first.addSuppressed(known);
        } catch (OutOfMemoryError spent) {
            // The first one is what counts.
        }
    }

    /** The first failure, or null. */
    synchronized MillraceException first() {
        return first;
    }
}
