package io.millrace.scheduler.job;

import io.millrace.memory.error.MillraceException;

/** The first failure of a job and those after it. Thread-safe. */
final class Failures {
    /** What an INTERNAL failure may follow from; enough to see a pattern. */
    private static final int MAX_SUPPRESSED = 32;

    private MillraceException first;
    private int suppressed;

    /** Notes a failure, with its context; returns whether it is the first. */
    synchronized boolean add(Throwable failure, String context) {
        MillraceException known = MillraceException.wrap(failure).inContext(context);
        if (first == null) {
            first = known;
            return true;
        }
        if (suppressed < MAX_SUPPRESSED) {
            suppressed++;
            first.addSuppressed(known);
        }
        return false;
    }

    /** The first failure, or null. */
    synchronized MillraceException first() {
        return first;
    }
}
