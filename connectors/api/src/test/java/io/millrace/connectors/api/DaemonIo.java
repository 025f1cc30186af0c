package io.millrace.connectors.api;

import io.millrace.memory.error.MillraceException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** I/O threads for tests: as many as are asked for at once, all gone after {@link #close}. */
public final class DaemonIo implements IoThreads, AutoCloseable {
    private final ExecutorService threads =
            Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "test-io");
                thread.setDaemon(true);
                return thread;
            });

    @Override
    public <T> IoTask<T> submit(String what, Callable<T> call) {
        Future<T> future = threads.submit(call);
        return new IoTask<>() {
            @Override
            public boolean isDone() {
                return future.isDone();
            }

            @Override
            public T result() {
                if (!future.isDone()) {
                    throw MillraceException.internal("result of " + what + " before it was done");
                }
                try {
                    return future.get();
                } catch (ExecutionException failed) {
                    throw MillraceException.wrap(failed.getCause());
                } catch (InterruptedException | CancellationException stopped) {
                    throw MillraceException.internal(what + " was stopped: " + stopped);
                }
            }

            @Override
            public void cancel() {
                future.cancel(true);
            }
        };
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new AssertionError("I/O threads still run 30 s after they were told to stop");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
