package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.keyed.Answer;
import io.millrace.benchmarks.keyed.KeyedEvents;
import io.millrace.benchmarks.keyed.PeerLoad;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the thread that drives the job and the job's tasks tell each other. Flink makes its functions from serialized
 * copies, so that they find this in a static field: there is one job in this process. Thread-safe.
 */
final class SharedRun {
    /** Between counters of two tasks, so that they share no cache line. */
    private static final int SPREAD = 16;

    private static volatile SharedRun current;

    final PeerLoad load;
    final KeyedEvents events;

    /** Down when all tasks have counted their last row and, when results are due at the end, have given them out. */
    final CountDownLatch counted;

    /** Down when tasks may read their state for the answer. */
    final CountDownLatch mayRead = new CountDownLatch(1);

    private final int tasks;
    private final AtomicLongArray made;
    private final AtomicLongArray taken;
    private final AtomicLongArray ends;
    private final AtomicLong keys = new AtomicLong();
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong sum = new AtomicLong();
    private final AtomicLong checksum = new AtomicLong();
    private final AtomicLong emitted = new AtomicLong();
    private final AtomicLong emittedChecksum = new AtomicLong();
    private volatile long limit;
    private volatile boolean stopped;
    private volatile CompletableFuture<Void> changed = new CompletableFuture<>();

    private SharedRun(PeerLoad load) {
        this.load = load;
        this.tasks = load.parallelism();
        this.events = load.events();
        this.limit = events.loadRows();
        this.counted = new CountDownLatch(tasks);
        this.made = new AtomicLongArray(tasks * SPREAD);
        this.taken = new AtomicLongArray(tasks * SPREAD);
        this.ends = new AtomicLongArray(tasks);
    }

    static SharedRun begin(PeerLoad load) {
        SharedRun run = new SharedRun(load);
        current = run;
        return run;
    }

    static SharedRun current() {
        return current;
    }

    long limit() {
        return limit;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Completed when the limit or the stop has changed after the call. */
    CompletableFuture<Void> changed() {
        return changed;
    }

    void limit(long position) {
        limit = position;
        wake();
    }

    void stop() {
        stopped = true;
        wake();
    }

    private void wake() {
        CompletableFuture<Void> before = changed;
        changed = new CompletableFuture<>();
        before.complete(null);
    }

    void made(int task, long rows) {
        made.lazySet(task * SPREAD, rows);
    }

    void taken(int task, long rows) {
        taken.lazySet(task * SPREAD, rows);
    }

    void ended(int task, long nextPosition) {
        ends.set(task, nextPosition);
    }

    long madeRows() {
        return total(made);
    }

    long takenRows() {
        return total(taken);
    }

    private long total(AtomicLongArray counters) {
        long total = 0;
        for (int task = 0; task < tasks; task++) {
            total += counters.get(task * SPREAD);
        }
        return total;
    }

    void addAnswer(long moreKeys, long moreCount, long moreSum, long moreChecksum) {
        keys.addAndGet(moreKeys);
        count.addAndGet(moreCount);
        sum.addAndGet(moreSum);
        checksum.addAndGet(moreChecksum);
    }

    void addEmitted(long rows, long moreChecksum) {
        emitted.addAndGet(rows);
        emittedChecksum.addAndGet(moreChecksum);
    }

    Answer answer() {
        return new Answer(keys.get(), count.get(), sum.get(), checksum.get());
    }

    long emittedRows() {
        return emitted.get();
    }

    long emittedChecksum() {
        return emittedChecksum.get();
    }

    long[] ends() {
        long[] all = new long[tasks];
        for (int task = 0; task < tasks; task++) {
            all[task] = ends.get(task);
        }
        return all;
    }
}
