package io.millrace.scheduler.worker;

import io.millrace.memory.time.Clock;
import io.millrace.scheduler.task.StepResult;
import io.millrace.scheduler.task.Task;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that steps tasks until closed. Tasks may be added from any thread; they leave when they are over. */
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** After which a task gives way to the next; well below the millisecond that a step may take. */
    private static final long QUANTUM_NANOS = 300_000;

    private static final long MAX_SPINS = 20;
    private static final long MAX_YIELDS = 5;

    /** Long, as what there is to do wakes it: only sources that wait for time to pass are looked at after a sleep. */
    private static final long MIN_PARK_NANOS = 500_000;

    private record Seat(Task task, List<Worker> neighbours) {}

    private final Clock clock;
    private final IdleStrategy idle;
    private final Thread thread;
    private final ConcurrentLinkedQueue<Seat> arrivals = new ConcurrentLinkedQueue<>();
    private final List<Seat> seats = new ArrayList<>();
    private final AtomicLong stepStartNanos = new AtomicLong();
    private volatile Task stepping;
    private volatile boolean resting;
    private volatile boolean closed;

    /** A worker that begins when {@link #start} is called. */
    public Worker(int index, Clock clock, long maxParkNanos) {
        this.clock = clock;
        this.idle =
                new BackoffIdleStrategy(MAX_SPINS, MAX_YIELDS, Math.min(MIN_PARK_NANOS, maxParkNanos), maxParkNanos);
        this.thread = new Thread(this::run, "millrace-worker-" + index);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /**
     * Steps the task from now on; {@code neighbours} are woken when it got on. Tasks added later are stepped earlier.
     */
    public void add(Task task, List<Worker> neighbours) {
        arrivals.add(new Seat(task, neighbours));
        LockSupport.unpark(thread);
    }

    /** Makes it look at its tasks soon, if it rests. What it is to find must have been done before. Any thread. */
    public void wake() {
        VarHandle.fullFence();
        wakeIfResting();
    }

    private void wakeIfResting() {
        if (resting) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!closed) {
            try {
                for (Seat seat = arrivals.peek(); seat != null; seat = arrivals.peek()) {
                    seats.addFirst(seat);
                    arrivals.poll();
                }
                rest(round());
            } catch (Throwable broken) {
                // Its tasks have nobody else; where memory is spent, theirs that fail give some back.
                log("a round of worker {} failed", thread.getName(), broken);
            }
        }
    }

    private static void log(String what, Object whose, Throwable broken) {
        try {
            LOG.error(what, whose, broken);
        } catch (OutOfMemoryError spent) {
            // Nor is there any to say so with.
        }
    }

    private boolean round() {
        boolean worked = false;
        for (int i = 0; i < seats.size(); i++) {
            Seat seat = seats.get(i);
            StepResult result = step(seat.task());
            if (result == StepResult.WORKED || result == StepResult.STOPPED) {
                worked = true;
                wakeAll(seat.neighbours());
            }
            if (result == StepResult.STOPPED) {
                seats.remove(i--);
            }
        }
        return worked;
    }

    private StepResult step(Task task) {
        stepStartNanos.setPlain(clock.nanoTime());
        stepping = task;
        try {
            return task.step(Integer.MAX_VALUE, QUANTUM_NANOS);
        } catch (Throwable broken) {
            log("task {} left its step by an exception", task, broken);
            return StepResult.STOPPED;
        } finally {
            stepping = null;
        }
    }

    private static void wakeAll(List<Worker> neighbours) {
        VarHandle.fullFence();
        for (int i = 0; i < neighbours.size(); i++) {
            neighbours.get(i).wakeIfResting();
        }
    }

    private void rest(boolean worked) {
        if (worked) {
            if (resting) {
                resting = false;
                idle.reset();
            }
        } else if (!resting) {
            resting = true;
            VarHandle.fullFence();
        } else if (seats.isEmpty() && arrivals.isEmpty() && !closed) {
            LockSupport.park(this);
        } else {
            idle.idle();
        }
    }

    /** The task that is being stepped, or null. Any thread. */
    Task stepping() {
        return stepping;
    }

    /** Whether its last rounds did nothing. */
    boolean isResting() {
        return resting;
    }

    /** When the step of {@link #stepping} began. */
    long stepStartNanos() {
        return stepStartNanos.getPlain();
    }

    Thread thread() {
        return thread;
    }

    /** Ends the thread after the round it is in; tasks that it still has are stepped no more. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
