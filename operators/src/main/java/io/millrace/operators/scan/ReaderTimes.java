package io.millrace.operators.scan;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How far the readers of one run are in event time, so that one with nothing to read does not hold back those that
 * have. Thread-safe; each reader publishes for itself.
 */
final class ReaderTimes {
    /** Of a reader whose splits are idle or have ended. */
    private static final long IDLE = Long.MAX_VALUE;

    /** Longs from one reader's to the next one's: a cache line and the one that is fetched with it. */
    private static final int STRIDE = 16;

    private final int readerCount;
    private final AtomicLongArray watermarks;
    private final AtomicLong least = new AtomicLong(Long.MIN_VALUE);

    /** Of so many readers, of which nothing is known yet. */
    ReaderTimes(int readerCount) {
        this.readerCount = readerCount;
        this.watermarks = new AtomicLongArray(readerCount * STRIDE);
        for (int reader = 0; reader < readerCount; reader++) {
            watermarks.set(reader * STRIDE, Long.MIN_VALUE);
        }
    }

    /** Says how far a reader is; what it emits later is no earlier, unless it is idle now. */
    void publish(int reader, long watermarkMicros, boolean idle) {
        long told = idle ? IDLE : watermarkMicros;
        if (watermarks.getPlain(reader * STRIDE) == told) {
            return;
        }
        watermarks.set(reader * STRIDE, told);
        long now = IDLE;
        for (int other = 0; other < readerCount; other++) {
            now = Math.min(now, watermarks.get(other * STRIDE));
        }
        if (now != IDLE) {
            least.accumulateAndGet(now, Math::max);
        }
    }

    /** The least watermark of the readers that are not idle; while all are, what it was before. Never goes back. */
    long leastMicros() {
        return least.get();
    }
}
