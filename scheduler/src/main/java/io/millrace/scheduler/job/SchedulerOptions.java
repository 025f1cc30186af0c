package io.millrace.scheduler.job;

/**
 * How much of the machine a scheduler uses.
 *
 * @param workers threads that run tasks, one a core
 * @param ioThreads at most, for whatever blocks; made as needed
 * @param slowStepNanos after which the watchdog notes a step of a task that has not returned, with its stack
 * @param maxParkNanos the longest that a worker with nothing to do sleeps before it looks again; what wakes it is a
 *     batch, room, or the end of an I/O call, so this bounds only how late a source notices that time has passed
 */
public record SchedulerOptions(int workers, int ioThreads, long slowStepNanos, long maxParkNanos) {
    /** Sleeps double from half a millisecond, so one is at most about as long as nothing has happened. */
    private static final long MAX_PARK_NANOS = 20_000_000L;

    public SchedulerOptions {
        require(workers >= 1, "workers >= 1", workers);
        require(ioThreads >= 1, "ioThreads >= 1", ioThreads);
        require(slowStepNanos >= 1, "slowStepNanos >= 1", slowStepNanos);
        require(maxParkNanos >= 1, "maxParkNanos >= 1", maxParkNanos);
    }

    private static void require(boolean holds, String expected, long found) {
        if (!holds) {
            throw new IllegalArgumentException("expected " + expected + ", found " + found);
        }
    }

    /** The defaults for this many workers. */
    public static SchedulerOptions ofWorkers(int workers) {
        return new SchedulerOptions(workers, Math.max(16, 8 * workers), 10_000_000L, MAX_PARK_NANOS);
    }
}
