package io.millrace.scheduler.simulation;

/** What goes wrong in a simulated run, once, when what it counts has happened {@code at} times before. */
public record Fault(Kind kind, long at) {
    /** What is counted, and what then happens. */
    public enum Kind {
        /** Nothing. */
        NONE,
        /** Calls of operators; one throws INTERNAL instead of being made. */
        OPERATOR,
        /** Calls on I/O threads; one throws IO_FAILED instead of being made. */
        IO,
        /** Allocations; one is refused. */
        ALLOCATION,
        /** Actions of the simulation; the job is cancelled before one. */
        CANCEL
    }

    public static final Fault NONE = new Fault(Kind.NONE, 0);

    public Fault {
        if (at < 0) {
            throw new IllegalArgumentException("expected at >= 0, found " + at);
        }
    }
}
