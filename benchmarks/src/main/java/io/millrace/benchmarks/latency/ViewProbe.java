package io.millrace.benchmarks.latency;

import io.millrace.engine.view.View;
import io.millrace.engine.view.ViewPage;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.time.Clock;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Reads what each publication of the view added, and notes how old a probe is when it has been read for the first time.
 * A thread of its own; its figures are read once it was closed.
 */
final class ViewProbe implements AutoCloseable {
    private static final long LOOK_AGAIN_NANOS = 100_000_000L;
    private static final long LONGEST_MICROS = 600_000_000L;

    private final View view;
    private final int auctionColumn;
    private final long firstMillis;
    private final int probes;
    private final int unmeasured;
    private final Clock clock = Clock.system();
    private final BitSet seen = new BitSet();
    private final Histogram micros = new Histogram(LONGEST_MICROS, 4);
    private final Histogram betweenMicros = new Histogram(LONGEST_MICROS, 4);
    private final Thread thread = Thread.ofPlatform().daemon().name("view-probe").unstarted(this::run);
    private final AtomicInteger seenCount = new AtomicInteger();
    private volatile boolean stopped;
    private long rowsRead;
    private long pages;

    /** {@code probes} are due one a millisecond from {@code firstMillis} on; the first {@code unmeasured} warm up. */
    ViewProbe(View view, long firstMillis, int probes, int unmeasured) {
        this.view = view;
        this.auctionColumn = view.schema().indexOf("auction");
        this.firstMillis = firstMillis;
        this.probes = probes;
        this.unmeasured = unmeasured;
    }

    void start() {
        view.group().onPublished(() -> LockSupport.unpark(thread));
        thread.start();
    }

    private void run() {
        ViewPage last = view.read(0, 0);
        long lastMicros = clock.epochMicros();
        while (!stopped) {
            ViewPage page = view.readWrittenSince(last);
            boolean news = page.epoch() != last.epoch();
            last.close();
            last = page;
            if (news) {
                page.forEach((batch, row, isFinal) -> row(batch, row));
                long now = clock.epochMicros();
                if (seenCount.get() > unmeasured && seenCount.get() < probes) {
                    betweenMicros.recordValue(now - lastMicros);
                    rowsRead += page.rowCount();
                    pages++;
                }
                lastMicros = now;
            } else {
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            }
        }
        last.close();
    }

    private void row(Batch batch, int row) {
        long probe = batch.column(auctionColumn).getLong(row) - BidProducer.PROBES;
        if (probe >= 0 && !seen.get((int) probe)) {
            seen.set((int) probe);
            if (probe >= unmeasured) {
                micros.recordValue(Math.max(0, clock.epochMicros() - (firstMillis + probe) * 1_000));
            }
            seenCount.incrementAndGet();
        }
    }

    /** Waits until all probes were seen, or so long. */
    boolean awaitAll(long nanos) {
        long start = clock.nanoTime();
        while (seenCount.get() < probes && clock.nanoTime() - start < nanos) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        return seenCount.get() == probes;
    }

    int seenCount() {
        return seenCount.get();
    }

    /** From due to read, in microseconds. */
    Histogram micros() {
        return micros;
    }

    /** Between two publications that were read, in microseconds. */
    Histogram betweenMicros() {
        return betweenMicros;
    }

    /** Of a publication that was read. */
    double meanRowsWritten() {
        return pages == 0 ? 0 : (double) rowsRead / pages;
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        view.group().onPublished(() -> {});
        LockSupport.unpark(thread);
        thread.join();
    }
}
