package io.millrace.scheduler.task;

import java.util.concurrent.atomic.AtomicLong;

/** What one node of one task has done; written by the task, read by any thread, which may see it a little late. */
public final class NodeCounters {
    private final AtomicLong rowsIn = new AtomicLong();
    private final AtomicLong batchesIn = new AtomicLong();
    private final AtomicLong rowsOut = new AtomicLong();
    private final AtomicLong batchesOut = new AtomicLong();
    private final AtomicLong watermarkMicros = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong busyNanos = new AtomicLong();
    private final AtomicLong idleNanos = new AtomicLong();
    private final AtomicLong backpressuredNanos = new AtomicLong();
    private volatile boolean ended;

    private static void add(AtomicLong counter, long delta) {
        counter.setOpaque(counter.getPlain() + delta);
    }

    void received(int rows) {
        add(rowsIn, rows);
        add(batchesIn, 1);
    }

    void emitted(int rows) {
        add(rowsOut, rows);
        add(batchesOut, 1);
    }

    void watermark(long micros) {
        watermarkMicros.setOpaque(micros);
    }

    void busy(long nanos) {
        add(busyNanos, nanos);
    }

    void idle(long nanos) {
        add(idleNanos, nanos);
    }

    void backpressured(long nanos) {
        add(backpressuredNanos, nanos);
    }

    void end() {
        ended = true;
    }

    public long rowsIn() {
        return rowsIn.getOpaque();
    }

    public long batchesIn() {
        return batchesIn.getOpaque();
    }

    public long rowsOut() {
        return rowsOut.getOpaque();
    }

    public long batchesOut() {
        return batchesOut.getOpaque();
    }

    /** {@link Long#MIN_VALUE} before the first. */
    public long watermarkMicros() {
        return watermarkMicros.getOpaque();
    }

    public long busyNanos() {
        return busyNanos.getOpaque();
    }

    public long idleNanos() {
        return idleNanos.getOpaque();
    }

    public long backpressuredNanos() {
        return backpressuredNanos.getOpaque();
    }

    public boolean ended() {
        return ended;
    }
}
