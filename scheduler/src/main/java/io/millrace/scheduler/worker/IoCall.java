package io.millrace.scheduler.worker;

import io.millrace.connectors.api.IoTask;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** One call on an I/O thread. Thread-safe. */
public final class IoCall<T> implements IoTask<T>, Runnable {
    /** How far a call is. */
    private enum State {
        /** Not begun. */
        QUEUED,
        /** On a thread. */
        RUNNING,
        /** Its result or failure is there. */
        DONE
    }

    /** Of a call that failed where there was no memory to say how. */
    private static final MillraceException UNSPEAKABLE = MillraceException.wrap(new OutOfMemoryError("in an I/O call"));

    private final String what;
    private final Callable<T> call;
    private final Consumer<IoCall<?>> ended;
    private State state = State.QUEUED;
    private Thread runner;
    private T result;
    private MillraceException failure;
    private volatile boolean done;

    /** A call that tells {@code ended} once, when nothing of it runs any more. */
    public IoCall(String what, Callable<T> call, Consumer<IoCall<?>> ended) {
        this.what = what;
        this.call = call;
        this.ended = ended;
    }

    @Override
    public void run() {
        synchronized (this) {
            if (state != State.QUEUED) {
                return;
            }
            state = State.RUNNING;
            runner = Thread.currentThread();
        }
        T value = null;
        MillraceException problem = null;
        try {
            value = call.call();
        } catch (Throwable thrown) {
            problem = noted(thrown);
        }
        end(value, problem);
    }

    private void end(T value, MillraceException problem) {
        synchronized (this) {
            state = State.DONE;
            if (runner != null) {
                runner = null;
                Thread.interrupted();
            }
            result = value;
            failure = problem;
            done = true;
        }
        ended.accept(this);
    }

    private MillraceException noted(Throwable thrown) {
        try {
            return asFailure(thrown);
        } catch (OutOfMemoryError spent) {
            return UNSPEAKABLE;
        }
    }

    private MillraceException asFailure(Throwable thrown) {
        return switch (thrown) {
            case MillraceException known -> known;
            case IOException io -> new MillraceException(ErrorCode.IO_FAILED, what + ": " + io.getMessage(), io);
            case UncheckedIOException io ->
                    new MillraceException(ErrorCode.IO_FAILED, what + ": " + io.getMessage(), io);
            case InterruptedException stopped ->
                    new MillraceException(ErrorCode.CANCELLED, what + " was interrupted", stopped);
            default -> MillraceException.wrap(thrown).inContext(what);
        };
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public T result() {
        if (!done) {
            throw MillraceException.internal("result of an I/O call that is not done: " + what);
        }
        if (failure != null) {
            throw failure;
        }
        return result;
    }

    @Override
    public void cancel() {
        synchronized (this) {
            if (state == State.RUNNING) {
                runner.interrupt();
            }
            if (state != State.QUEUED) {
                return;
            }
            state = State.DONE;
        }
        end(null, new MillraceException(ErrorCode.CANCELLED, what + " was cancelled before it began"));
    }

    /** What it does, for people. */
    String what() {
        return what;
    }

    /** The thread that is in it, or null. */
    synchronized Thread runner() {
        return runner;
    }
}
