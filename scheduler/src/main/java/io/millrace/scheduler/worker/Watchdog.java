package io.millrace.scheduler.worker;

import io.millrace.memory.time.Clock;
import io.millrace.scheduler.task.Task;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what the workers are in, and notes steps that take too long: each once at debug level, and again as a
 * warning when it has lasted a hundred times as long, with the stack. I/O calls are warned of after a minute.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long WARNING_FACTOR = 100;
    private static final long RESTING_FACTOR = 10;
    private static final long SLOW_IO_NANOS = 60_000_000_000L;

    private final List<Worker> workers;
    private final IoPool io;
    private final Clock clock;
    private final long slowStepNanos;
    private final long[] notedStartNanos;
    private final long[] warnedStartNanos;
    private final Set<IoCall<?>> warnedCalls = Collections.newSetFromMap(new WeakHashMap<>());
    private final AtomicLong slowSteps = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    public Watchdog(List<Worker> workers, IoPool io, Clock clock, long slowStepNanos) {
        this.workers = List.copyOf(workers);
        this.io = io;
        this.clock = clock;
        this.slowStepNanos = slowStepNanos;
        this.notedStartNanos = new long[workers.size()];
        this.warnedStartNanos = new long[workers.size()];
        this.thread = new Thread(this::run, "millrace-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            look();
            LockSupport.parkNanos(this, allRest() ? RESTING_FACTOR * slowStepNanos : slowStepNanos);
        }
    }

    private boolean allRest() {
        for (Worker worker : workers) {
            if (!worker.isResting()) {
                return false;
            }
        }
        return true;
    }

    private void look() {
        long now = clock.nanoTime();
        for (int i = 0; i < workers.size(); i++) {
            Worker worker = workers.get(i);
            Task task = worker.stepping();
            long startNanos = worker.stepStartNanos();
            long tookNanos = now - startNanos;
            if (task == null || tookNanos < slowStepNanos) {
                continue;
            }
            if (notedStartNanos[i] != startNanos) {
                notedStartNanos[i] = startNanos;
                slowSteps.incrementAndGet();
                if (LOG.isDebugEnabled()) {
                    LOG.debug("task {} is in a step for {} us at{}", task, tookNanos / 1_000, stack(worker.thread()));
                }
            }
            if (tookNanos >= WARNING_FACTOR * slowStepNanos && warnedStartNanos[i] != startNanos) {
                warnedStartNanos[i] = startNanos;
                LOG.warn("task {} is in a step for {} ms at{}", task, tookNanos / 1_000_000, stack(worker.thread()));
            }
        }
        io.running()
                .forEach((call, startNanos) -> {
                    if (now - startNanos >= SLOW_IO_NANOS && warnedCalls.add(call)) {
                        Thread runner = call.runner();
                        LOG.warn(
                                "I/O call '{}' runs for {} s at{}",
                                call.what(),
                                (now - startNanos) / 1_000_000_000L,
                                runner == null ? "" : stack(runner));
                    }
                });
    }

    private static String stack(Thread thread) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement element : thread.getStackTrace()) {
            text.append("\n\tat ").append(element);
        }
        return text.toString();
    }

    /** Steps so far that took longer than they should. */
    public long slowSteps() {
        return slowSteps.get();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
