package io.millrace.scheduler.worker;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import java.util.concurrent.Callable;

/** The I/O calls of one job, counted. Thread-safe. */
public final class JobIo {
    private final IoPool pool;
    private int unfinished;

    public JobIo(IoPool pool) {
        this.pool = pool;
    }

    /** The I/O threads for a task of this worker, which is woken when a call ends. */
    public IoThreads of(Worker worker) {
        return new IoThreads() {
            @Override
            public <T> IoTask<T> submit(String what, Callable<T> call) {
                begin();
                IoCall<T> submitted =
                        new IoCall<>(
                                what,
                                call,
                                ended -> {
                                    end();
                                    worker.wake();
                                });
                pool.execute(submitted);
                return submitted;
            }
        };
    }

    private synchronized void begin() {
        unfinished++;
    }

    private synchronized void end() {
        unfinished--;
        notifyAll();
    }

    /** Waits until none is queued or running. */
    public void await() {
        boolean interrupted = false;
        synchronized (this) {
            while (unfinished != 0) {
                try {
                    wait();
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
