package io.millrace.scheduler.worker;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** The I/O calls of one job. Thread-safe. */
public final class JobIo {
    /** How long calls may take to end by themselves, once their job has stopped. */
    private static final long GRACE_NANOS = 500_000_000;

    /** How long they may take after that; what ignores its interruption is left alone. */
    private static final long GIVE_UP_NANOS = 10_000_000_000L;

    private final IoPool pool;
    private final Clock clock;
    private final long graceNanos;
    private final long giveUpNanos;
    private final Set<IoCall<?>> unfinished = new LinkedHashSet<>();

    public JobIo(IoPool pool, Clock clock) {
        this(pool, clock, GRACE_NANOS, GIVE_UP_NANOS);
    }

    JobIo(IoPool pool, Clock clock, long graceNanos, long giveUpNanos) {
        this.pool = pool;
        this.clock = clock;
        this.graceNanos = graceNanos;
        this.giveUpNanos = giveUpNanos;
    }

    /** The I/O threads for a task of this worker, which is woken when a call ends. */
    public IoThreads of(Worker worker) {
        return new IoThreads() {
            @Override
            public <T> IoTask<T> submit(String what, Callable<T> call) {
                IoCall<T> submitted =
                        new IoCall<>(
                                what,
                                call,
                                ended -> {
                                    end(ended);
                                    worker.wake();
                                });
                begin(submitted);
                boolean taken = false;
                try {
                    pool.execute(submitted);
                    taken = true;
                } finally {
                    if (!taken) {
                        // No thread, or no memory for one: nobody will end it.
                        submitted.cancel();
                    }
                }
                return submitted;
            }
        };
    }

    private synchronized void begin(IoCall<?> call) {
        unfinished.add(call);
    }

    private synchronized void end(IoCall<?> call) {
        unfinished.remove(call);
        notifyAll();
    }

    /**
     * Waits until none is queued or running; those that take long are interrupted. Fails when some do not end then: the
     * memory that such a call was given is still in its hands.
     */
    public void await() {
        boolean interrupted = !awaitFor(graceNanos);
        for (IoCall<?> call : outstanding()) {
            call.cancel();
        }
        interrupted |= !awaitFor(giveUpNanos);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        List<IoCall<?>> left = outstanding();
        if (!left.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.IO_FAILED,
                    "expected every I/O call to end within "
                            + TimeUnit.NANOSECONDS.toMillis(giveUpNanos)
                            + " ms of its interruption, found "
                            + left.size()
                            + " that did not: "
                            + left.stream().map(IoCall::what).distinct().toList());
        }
    }

    private synchronized List<IoCall<?>> outstanding() {
        return List.copyOf(unfinished);
    }

    /** Returns false when the thread was interrupted meanwhile, which ends no wait. */
    private synchronized boolean awaitFor(long nanos) {
        boolean undisturbed = true;
        long start = clock.nanoTime();
        long left = nanos;
        while (!unfinished.isEmpty() && left > 0) {
            try {
                wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            } catch (InterruptedException again) {
                undisturbed = false;
            }
            left = nanos - (clock.nanoTime() - start);
        }
        return undisturbed;
    }
}
