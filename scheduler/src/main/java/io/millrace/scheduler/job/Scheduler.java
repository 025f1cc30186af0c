package io.millrace.scheduler.job;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.operators.contract.SideTables;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.scheduler.worker.IoPool;
import io.millrace.scheduler.worker.Watchdog;
import io.millrace.scheduler.worker.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Runs jobs on a fixed set of workers. One for an engine. Thread-safe. */
public final class Scheduler implements AutoCloseable {
    private final Allocator allocator;
    private final Clock clock;
    private final IoPool io;
    private final List<Worker> workers = new ArrayList<>();
    private final Watchdog watchdog;
    private final Set<RunningJob> jobs = ConcurrentHashMap.newKeySet();
    private final AtomicLong nextId = new AtomicLong(1);
    private final AtomicInteger nextPlace = new AtomicInteger();
    private volatile boolean closed;

    private Scheduler(SchedulerOptions options, Allocator allocator, Clock clock) {
        this.allocator = allocator;
        this.clock = clock;
        this.io = new IoPool(options.ioThreads(), clock);
        for (int i = 0; i < options.workers(); i++) {
            workers.add(new Worker(i, clock, options.maxParkNanos()));
        }
        this.watchdog = new Watchdog(workers, io, clock, options.slowStepNanos());
        workers.forEach(Worker::start);
    }

    /**
     * Starts the threads.
     *
     * @param allocator whose children the jobs allocate from; stays the caller's
     */
    public static Scheduler start(SchedulerOptions options, Allocator allocator, Clock clock) {
        return new Scheduler(options, allocator, clock);
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
        return submit(new JobExecution.Order(name, graph, options, sideTables, listener, null));
    }

    /** As the one above, of a job that may take checkpoints. */
    public Job submit(JobExecution.Order order) {
        if (closed) {
            throw MillraceException.internal("job " + order.name() + " submitted to a closed scheduler");
        }
        RunningJob job = new RunningJob(nextId.getAndIncrement(), order, this);
        jobs.add(job);
        boolean begun = false;
        try {
            job.begin();
            begun = true;
        } finally {
            if (!begun) {
                // Without a thread it will never end; nobody must wait for that.
                jobs.remove(job);
            }
        }
        return job;
    }

    /** Steps of tasks so far that the watchdog found to take too long. */
    public long slowSteps() {
        return watchdog.slowSteps();
    }

    public int workerCount() {
        return workers.size();
    }

    Allocator allocator() {
        return allocator;
    }

    Clock clock() {
        return clock;
    }

    IoPool ioPool() {
        return io;
    }

    Worker workerAt(int place) {
        return workers.get(Math.floorMod(place, workers.size()));
    }

    /** Where a job's first task goes: the next worker in turn. */
    int nextPlace() {
        return nextPlace.getAndIncrement();
    }

    void forget(RunningJob job) {
        jobs.remove(job);
    }

    /** Cancels the jobs, waits for them and stops the threads. Idempotent. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        for (RunningJob job : List.copyOf(jobs)) {
            job.cancel();
            boolean ended = false;
            while (!ended) {
                try {
                    job.await();
                    ended = true;
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        }
        workers.forEach(Worker::close);
        watchdog.close();
        io.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
