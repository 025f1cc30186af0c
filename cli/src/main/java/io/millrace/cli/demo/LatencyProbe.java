package io.millrace.cli.demo;

import io.millrace.engine.view.View;
import io.millrace.engine.view.ViewPage;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.time.Clock;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Measures from when a live bid was due to when a reader of the view {@code partitions} can see that it was counted. A
 * partition keeps its order, so that the greatest event of a partition stands for all before it. Bids that were due
 * before the job had caught up are not counted. A thread of its own.
 */
final class LatencyProbe implements AutoCloseable {
    /** The job is live once what it shows is at most this old. */
    private static final long LIVE_WITHIN_NANOS = 1_000_000_000L;

    private static final long LOOK_AGAIN_NANOS = 50_000_000L;
    private static final long LONGEST_MICROS = 600_000_000L;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final int PARTITION = 0;
    private static final int LAST_EVENT = 2;

    private final DemoEvents events;
    private final TopicFeeder feeder;
    private final View view;
    private final Clock clock;
    private final Histogram micros = new Histogram(LONGEST_MICROS, 3);
    private final long[] seenBid = new long[DemoEvents.PARTITIONS];
    private final Thread thread = Thread.ofPlatform().daemon().name("millrace-demo-latency").unstarted(this::run);
    private volatile long liveNanos = Long.MIN_VALUE;
    private volatile boolean stopped;
    private long seenEpoch = -1;
    private long readNanos;

    /** What was measured, in milliseconds. */
    record Latency(double p50, double p99, double p9999, long count) {}

    LatencyProbe(DemoEvents events, TopicFeeder feeder, View view, Clock clock) {
        this.events = events;
        this.feeder = feeder;
        this.view = view;
        this.clock = clock;
        java.util.Arrays.fill(seenBid, events.firstLive() - 1);
    }

    void start() {
        view.group().onPublished(() -> LockSupport.unpark(thread));
        thread.start();
    }

    private void run() {
        while (!stopped) {
            look();
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private void look() {
        try (ViewPage page = view.read(DemoEvents.PARTITIONS + 1, 0)) {
            if (page.epoch() != seenEpoch) {
                seenEpoch = page.epoch();
                readNanos = clock.nanoTime();
                page.forEach(this::row);
            }
        }
    }

    private void row(Batch batch, int row, boolean isFinal) {
        if (batch.column(PARTITION).isNull(row)) {
            return;
        }
        int partition = (int) batch.column(PARTITION).getLong(row);
        long last = events.bidOf(batch.column(LAST_EVENT).getLong(row));
        if (last <= seenBid[partition]) {
            return;
        }
        if (liveNanos == Long.MIN_VALUE) {
            if (readNanos - feeder.dueNanos(last) <= LIVE_WITHIN_NANOS) {
                liveNanos = readNanos;
            }
        } else {
            count(partition, last);
        }
        seenBid[partition] = last;
    }

    private void count(int partition, long last) {
        long first = seenBid[partition] + 1;
        long into = Math.floorMod(partition - first, (long) DemoEvents.PARTITIONS);
        synchronized (micros) {
            for (long bid = first + into; bid <= last; bid += DemoEvents.PARTITIONS) {
                long due = feeder.dueNanos(bid);
                if (due >= liveNanos) {
                    micros.recordValue(Math.clamp((readNanos - due) / NANOS_PER_MICRO, 0, LONGEST_MICROS));
                }
            }
        }
    }

    boolean isLive() {
        return liveNanos != Long.MIN_VALUE;
    }

    /** When the job had caught up, on the clock's {@code nanoTime}; only once it is live. */
    long liveNanos() {
        return liveNanos;
    }

    Latency latency() {
        synchronized (micros) {
            return new Latency(millis(50), millis(99), millis(99.99), micros.getTotalCount());
        }
    }

    private double millis(double percentile) {
        return micros.getValueAtPercentile(percentile) / 1e3;
    }

    /** Measures no more; waits for the thread, which holds a page for moments only. */
    @Override
    public void close() {
        stopped = true;
        view.group().onPublished(() -> {});
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
