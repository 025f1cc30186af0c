package io.millrace.scheduler.job;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.operators.contract.SideTables;
import io.millrace.operators.graph.OperatorGraph;

/** Runs jobs on a fixed set of workers. One for an engine. Thread-safe. */
public final class Scheduler implements AutoCloseable {
    private Scheduler() {}

    /**
     * Starts the threads.
     *
     * @param allocator whose children the jobs allocate from; stays the caller's
     */
    public static Scheduler start(SchedulerOptions options, Allocator allocator, Clock clock) {
        return new Scheduler();
    }

    /** As the longer one, with no listener. */
    public Job submit(String name, OperatorGraph graph, JobOptions options, SideTables sideTables) {
        return submit(name, graph, options, sideTables, EpochListener.NONE);
    }

    /**
     * Begins to run a graph and returns at once. Nodes are started on the job's supervising thread, so whatever is
     * wrong with them is the job's {@link Job#failure()}.
     *
     * <p>All memory is the job's: it fails with INTERNAL when some is still held after {@link
     * io.millrace.operators.contract.OperatorRun#close()} of all nodes. Whoever takes batches out of a job copies them,
     * or gives them back before that.
     *
     * @param name for people, threads and messages
     */
    public Job submit(
            String name, OperatorGraph graph, JobOptions options, SideTables sideTables, EpochListener listener) {
        throw new MillraceException(ErrorCode.UNSUPPORTED, "job " + name + " cannot run yet");
    }

    /** Cancels the jobs, waits for them and stops the threads. Idempotent. */
    @Override
    public void close() {}
}
