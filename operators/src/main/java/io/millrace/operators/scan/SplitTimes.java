package io.millrace.operators.scan;

import io.millrace.memory.error.MillraceException;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * The watermark of each open split of one reader, and the least of them. A split is idle once its reader has said for
 * the length of the timeout that there is nothing to read, and goes on to say so: what is paused, fetched but unread,
 * or not heard of is not idle. A reader whose splits are all idle follows the other readers of its run. One thread.
 */
final class SplitTimes {
    /** How long a reader's word that there is nothing to read holds at least; fetches come more often. */
    static final long WORD_HOLDS_NANOS = 2_000_000_000L;

    /** One split. */
    private static final class SplitTime {
        long boundMicros;
        boolean declared;
        long greatestMicros = Long.MIN_VALUE;
        boolean waiting;
        long waitingSinceNanos;
        long confirmedNanos;
    }

    private final Int2ObjectHashMap<SplitTime> splits = new Int2ObjectHashMap<>();
    private final long delayMicros;
    private final long idleTimeoutNanos;
    private final long wordHoldsNanos;
    private final ReaderTimes readers;
    private final int reader;
    private long watermarkMicros = Long.MIN_VALUE;

    /**
     * Of a reader that has no split yet.
     *
     * @param readers of the run, where it tells the others how far it is
     * @param reader its index
     */
    SplitTimes(long delayMicros, long idleTimeoutNanos, ReaderTimes readers, int reader) {
        this.delayMicros = delayMicros;
        this.idleTimeoutNanos = idleTimeoutNanos;
        this.wordHoldsNanos = Math.max(idleTimeoutNanos, WORD_HOLDS_NANOS);
        this.readers = readers;
        this.reader = reader;
    }

    void open(int split, long boundMicros) {
        SplitTime time = new SplitTime();
        time.boundMicros = boundMicros;
        if (splits.put(split, time) != null) {
            throw MillraceException.internal("split " + split + " is open already");
        }
    }

    void close(int split) {
        if (splits.remove(split) == null) {
            throw MillraceException.internal("split " + split + " is not open");
        }
    }

    private SplitTime get(int split) {
        SplitTime time = splits.get(split);
        if (time == null) {
            throw MillraceException.internal("split " + split + " is not open");
        }
        return time;
    }

    void bound(int split, long boundMicros) {
        SplitTime time = get(split);
        time.boundMicros = Math.max(time.boundMicros, boundMicros);
    }

    void declared(int split) {
        get(split).declared = true;
    }

    boolean isDeclared(int split) {
        return get(split).declared;
    }

    /** The split delivered rows up to this event time. */
    void delivered(int split, long greatestMicros) {
        SplitTime time = get(split);
        time.greatestMicros = Math.max(time.greatestMicros, greatestMicros);
        time.waiting = false;
    }

    void nothingToRead(int split, long nowNanos) {
        SplitTime time = get(split);
        if (!time.waiting || nowNanos - time.confirmedNanos > wordHoldsNanos) {
            time.waiting = true;
            time.waitingSinceNanos = nowNanos;
        }
        time.confirmedNanos = nowNanos;
    }

    /** What the split has is on its way, if only as far as the reader. */
    void somethingToRead(int split) {
        get(split).waiting = false;
    }

    private boolean isIdle(SplitTime time, long nowNanos) {
        return time.waiting
                && idleTimeoutNanos > 0
                && time.confirmedNanos - time.waitingSinceNanos >= idleTimeoutNanos
                && nowNanos - time.confirmedNanos <= wordHoldsNanos;
    }

    /**
     * The least watermark of the splits that are not idle, or of the run's other readers when all are; never less than
     * before.
     */
    long watermark(long nowNanos) {
        long least = Long.MAX_VALUE;
        for (SplitTime time : splits.values()) {
            if (!isIdle(time, nowNanos)) {
                least = Math.min(least, watermarkOf(time));
            }
        }
        boolean idle = least == Long.MAX_VALUE && !splits.isEmpty();
        if (!idle && least != Long.MAX_VALUE) {
            watermarkMicros = Math.max(watermarkMicros, least);
        }
        readers.publish(reader, watermarkMicros, idle);
        if (idle) {
            watermarkMicros = Math.max(watermarkMicros, readers.leastMicros());
        }
        return watermarkMicros;
    }

    /** No split will follow. */
    void end() {
        readers.publish(reader, watermarkMicros, true);
    }

    private long watermarkOf(SplitTime time) {
        if (!time.declared || time.greatestMicros == Long.MIN_VALUE) {
            return time.boundMicros;
        }
        return Math.max(time.boundMicros, time.greatestMicros - delayMicros);
    }
}
