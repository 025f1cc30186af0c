package io.millrace.state.tier;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * What the tiers of one task do on I/O threads, one step at a time: asked for in order, and in between, in pieces, what
 * nobody waits for. The first failure is the task's, at its next look.
 */
final class TierQueue {
    /** Some of what is done in the background; returns whether there is more. */
    interface Piece {
        boolean run();
    }

    /** Of a failure of which nothing can be said, as when the heap is spent. */
    private static final MillraceException NOT_SAID =
            new MillraceException(ErrorCode.INTERNAL, "state on disk: a step failed and could not say of what");

    private final Executor io;
    private final UnaryOperator<MillraceException> explain;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Deque<Runnable> steps = new ArrayDeque<>();
    private final Deque<Piece> background = new ArrayDeque<>();
    private boolean scheduled;
    private boolean running;
    private volatile boolean closed;
    private volatile MillraceException failure;

    /**
     * Without anything to do.
     *
     * @param explain says on the I/O thread what a failure means
     */
    TierQueue(Executor io, UnaryOperator<MillraceException> explain) {
        this.io = io;
        this.explain = explain;
    }

    /** Has a step done after those before it. */
    void submit(Runnable step) {
        give(step, null);
    }

    /** Has something done, piece by piece, when there is nothing else. */
    void submitBackground(Piece piece) {
        give(null, piece);
    }

    private void give(Runnable step, Piece piece) {
        boolean start;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (step != null) {
                steps.add(step);
            } else {
                background.add(piece);
            }
            start = !scheduled;
            scheduled = true;
        } finally {
            lock.unlock();
        }
        if (start) {
            execute();
        }
    }

    private void execute() {
        try {
            io.execute(this::run);
        } catch (RuntimeException refused) {
            lock.lock();
            try {
                scheduled = false;
            } finally {
                lock.unlock();
            }
            throw refused;
        }
    }

    private void run() {
        while (true) {
            Runnable step;
            Piece piece = null;
            lock.lock();
            try {
                step = steps.poll();
                if (step == null) {
                    piece = background.poll();
                }
                if (closed || step == null && piece == null) {
                    scheduled = false;
                    return;
                }
                running = true;
            } finally {
                lock.unlock();
            }
            boolean again = false;
            try {
                if (step != null) {
                    step.run();
                } else {
                    again = piece.run();
                }
            } catch (Throwable thrown) {
                fail(thrown);
            } finally {
                lock.lock();
                try {
                    running = false;
                    if (again && !closed) {
                        background.addFirst(piece);
                    }
                    idle.signalAll();
                } finally {
                    lock.unlock();
                }
            }
            if (again) {
                // Others want the thread too.
                execute();
                return;
            }
        }
    }

    /** Whatever comes of explaining it, something has failed. */
    private void fail(Throwable thrown) {
        MillraceException first = failure;
        if (first != null) {
            first.addSuppressed(thrown);
            return;
        }
        MillraceException found = NOT_SAID;
        try {
            found = wrap(thrown);
            found = explain.apply(found);
        } catch (Throwable another) {
            if (found != NOT_SAID) {
                found.addSuppressed(another);
            }
        } finally {
            failure = found;
        }
    }

    private static MillraceException wrap(Throwable thrown) {
        // What the JVM makes of a page of a mapped file that cannot be read.
        return thrown instanceof InternalError
                ? new MillraceException(ErrorCode.IO_FAILED, "reading a mapped file of state: " + thrown, thrown)
                : MillraceException.wrap(thrown);
    }

    /** Whether it was closed, which long steps ask. */
    boolean isClosed() {
        return closed;
    }

    /** Fails with what failed, if anything did. */
    void check() {
        MillraceException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    /** Drops what was not begun; whether nothing runs. Does not wait. */
    boolean stop() {
        lock.lock();
        try {
            closed = true;
            steps.clear();
            background.clear();
            return !running;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #stop}, and waits for what runs. */
    void close() {
        lock.lock();
        try {
            stop();
            while (running) {
                idle.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
