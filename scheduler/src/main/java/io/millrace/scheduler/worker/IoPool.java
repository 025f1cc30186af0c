package io.millrace.scheduler.worker;

import io.millrace.memory.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The I/O threads: made as needed, at most so many, gone after a while without work. Thread-safe. */
public final class IoPool implements AutoCloseable {
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final Clock clock;
    private final ThreadPoolExecutor executor;
    private final Map<IoCall<?>, Long> running = new ConcurrentHashMap<>();

    public IoPool(int maxThreads, Clock clock) {
        this.clock = clock;
        AtomicInteger count = new AtomicInteger();
        this.executor =
                new ThreadPoolExecutor(
                        maxThreads,
                        maxThreads,
                        KEEP_ALIVE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        body -> {
                            Thread thread = new Thread(body, "millrace-io-" + count.getAndIncrement());
                            thread.setDaemon(true);
                            return thread;
                        });
        executor.allowCoreThreadTimeOut(true);
    }

    void execute(IoCall<?> call) {
        executor.execute(() -> {
            try {
                running.put(call, clock.nanoTime());
            } catch (OutOfMemoryError spent) {
                // Then nobody watches it; it says itself what it has no memory for.
            }
            try {
                call.run();
            } finally {
                running.remove(call);
            }
        });
    }

    /** The calls that are on a thread, and since when. */
    Map<IoCall<?>, Long> running() {
        return running;
    }

    /** Interrupts what runs and ends the threads. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
